import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Exchange, isRecord } from "./exchange";

function pemOf({ privateKey }: { privateKey: KeyObject }): string {
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

const rsa = () => pemOf(generateKeyPairSync("rsa", { modulusLength: 2048 }));
const ec = (namedCurve: string) => pemOf(generateKeyPairSync("ec", { namedCurve }));

/** By the length of their PEM. The long RSA keys have fewer bits here, which is faster. */
const makers: Record<string, () => string> = {
  "119": () => pemOf(generateKeyPairSync("ed25519")),
  "241": () => ec("P-256"),
  "306": () => ec("P-384"),
  "1704": rsa,
  "3272": rsa,
};

const made = new Map<string, string>();

/**
 * Replaces a recorded key, which was not stored. Each `owner` has a different one. authentik does not
 * compare key and certificate.
 */
function keyOf(placeholder: unknown, owner: unknown): string | undefined {
  const length = /^<PRIVATE KEY PEM, (\d+) chars/.exec(String(placeholder))?.[1] ?? "";
  const name = `${length} ${owner}`;
  const key = made.get(name) ?? makers[length]?.();
  if (key !== undefined) made.set(name, key);
  return key;
}

/** As part of a JSON text, like the keys in the recordings. */
export function testKey(placeholder: string): string | undefined {
  const key = keyOf(placeholder, "");
  return key && JSON.stringify(key).slice(1, -1);
}

/** The body of an import, with a key for this certificate only. */
export function withKeyOfItsOwn(body: Record<string, unknown>): Record<string, unknown> {
  const { certificate_data, key_data } = body;
  const key = certificate_data === undefined ? undefined : keyOf(key_data, certificate_data);
  return key === undefined ? body : { ...body, key_data: key };
}

/** Created by OpenSSL: the simulator can only import ed448 keys, and not generate them. */
const ed448: Record<string, object> = JSON.parse(
  readFileSync(join(__dirname, "../recordings/ed448.json"), "utf8"),
);

/** The exchange, or the import of a pair that has the same effect on the simulator. */
export function withImportedKey(exchange: Exchange): Exchange {
  const { path, body } = exchange;
  if (!path.endsWith("/generate/") || !isRecord(body) || body.alg !== "ed448") return exchange;
  if (exchange.status !== 200) return exchange;
  const name = String(body.common_name);
  return { ...exchange, path: path.replace("generate/", ""), body: { name, ...ed448[name] } };
}
