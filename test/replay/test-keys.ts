import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Exchange, isRecord } from "./exchange";

/** In the middle of a JSON text, which is where the recordings have their keys. */
function pemOf({ privateKey }: { privateKey: KeyObject }): string {
  return JSON.stringify(privateKey.export({ type: "pkcs8", format: "pem" })).slice(1, -1);
}

const rsa = (modulusLength: number) => pemOf(generateKeyPairSync("rsa", { modulusLength }));
const ec = (namedCurve: string) => pemOf(generateKeyPairSync("ec", { namedCurve }));

/** By the length of their PEM. The long RSA keys have fewer bits here, which is faster. */
const keys: Record<string, string> = {
  "119": pemOf(generateKeyPairSync("ed25519")),
  "241": ec("P-256"),
  "306": ec("P-384"),
  "1704": rsa(2048),
  "3272": rsa(2048),
};

/** A key of our own for the recorded one, which nobody kept. authentik does not compare key and certificate. */
export function testKey(placeholder: string): string | undefined {
  return keys[/^<PRIVATE KEY PEM, (\d+) chars/.exec(placeholder)?.[1] ?? ""];
}

/** Made by OpenSSL: the simulator cannot generate ed448 keys, only import them. */
const ed448: Record<string, object> = JSON.parse(
  readFileSync(join(__dirname, "../recordings/ed448.json"), "utf8"),
);

/** The exchange, or the import of a pair that leaves the simulator in the same state. */
export function withImportedKey(exchange: Exchange): Exchange {
  const { path, body } = exchange;
  if (!path.endsWith("/generate/") || !isRecord(body) || body.alg !== "ed448") return exchange;
  if (exchange.status !== 200) return exchange;
  const name = String(body.common_name);
  return { ...exchange, path: path.replace("generate/", ""), body: { name, ...ed448[name] } };
}
