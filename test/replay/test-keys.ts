import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Exchange, isRecord } from "./exchange";

/** In the middle of a JSON text, which is where the recordings have their keys. */
function pemOf({ privateKey }: { privateKey: KeyObject }): string {
  return JSON.stringify(privateKey.export({ type: "pkcs8", format: "pem" })).slice(1, -1);
}

/** Keys of our own for the recorded ones, which nobody kept. authentik does not compare key and certificate. */
export const testKeys = new Map<string, string>([
  [
    "<PRIVATE KEY PEM, 1704 chars, trailing newline: True>",
    pemOf(generateKeyPairSync("rsa", { modulusLength: 2048 })),
  ],
  [
    "<PRIVATE KEY PEM, 306 chars, trailing newline: True>",
    pemOf(generateKeyPairSync("ec", { namedCurve: "P-384" })),
  ],
  ["<PRIVATE KEY PEM, 119 chars, trailing newline: True>", pemOf(generateKeyPairSync("ed25519"))],
]);

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
