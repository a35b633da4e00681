import { createHash, createPublicKey, type JsonWebKey, type KeyObject, X509Certificate } from "node:crypto";
import { Crash } from "../api/errors";
import { parsePrivateKey } from "../crypto/inspect";
import { type Lab, textOf } from "../lab";
import type { Document, Json } from "../store/store";

type SigningKey =
  | { algorithm: "HS256"; secret: Uint8Array }
  | { algorithm: string; privateKey: KeyObject; keyId: string };

const CURVE_ALGORITHMS: Record<string, string> = {
  prime256v1: "ES256",
  secp384r1: "ES384",
  secp521r1: "ES512",
};

/** The key that signs a provider's tokens. Without one, the client secret signs them. */
export async function signingKeyOf(lab: Lab, provider: Document): Promise<SigningKey> {
  const pair = await pairOf(lab, provider, "signing_key");
  if (!pair) return { algorithm: "HS256", secret: Buffer.from(textOf(provider, "client_secret")) };
  const privateKey = parsePrivateKey(textOf(pair, "key_data"));
  if (!privateKey) throw new Crash(`The signing key of provider ${provider.name} has no private key`);
  return { algorithm: algorithmOf(privateKey), privateKey, keyId: keyId(lab, pair) };
}

export async function encryptionKeyOf(lab: Lab, provider: Document) {
  const pair = await pairOf(lab, provider, "encryption_key");
  if (!pair) return undefined;
  const publicKey = new X509Certificate(textOf(pair, "certificate_data")).publicKey;
  // The real server supports only RSA-OAEP-256, and crashes with other keys.
  if (publicKey.asymmetricKeyType !== "rsa") throw new Crash("The encryption key is no RSA key");
  return { publicKey, keyId: keyId(lab, pair) };
}

/** The published keys: `{}` if there are none. */
export async function jwksOf(lab: Lab, provider: Document): Promise<Json> {
  const keys: Json[] = [];
  const signing = await pairOf(lab, provider, "signing_key");
  const signingKey = signing && parsePrivateKey(textOf(signing, "key_data"));
  if (signing && signingKey) {
    keys.push(publish(lab, signing, signingKey, { alg: algorithmOf(signingKey), use: "sig" }));
  }
  const encryption = await pairOf(lab, provider, "encryption_key");
  const encryptionKey = encryption && parsePrivateKey(textOf(encryption, "key_data"));
  if (encryption && encryptionKey) {
    const use = { alg: "RSA-OAEP-256", enc: "A256CBC-HS512", use: "enc" };
    keys.push(publish(lab, encryption, encryptionKey, use));
  }
  return keys.length > 0 ? { keys } : {};
}

async function pairOf(lab: Lab, provider: Document, field: string): Promise<Document | undefined> {
  const pk = provider[field];
  return typeof pk === "string" ? lab.store.get("certificate", pk) : undefined;
}

function algorithmOf(key: KeyObject): string {
  if (key.asymmetricKeyType === "rsa") return "RS256";
  const algorithm = CURVE_ALGORITHMS[key.asymmetricKeyDetails?.namedCurve ?? ""];
  if (algorithm) return algorithm;
  throw new Crash(`No signing algorithm for a ${key.asymmetricKeyType} key`);
}

function publish(lab: Lab, pair: Document, privateKey: KeyObject, use: Document): Json {
  const certificate = new X509Certificate(textOf(pair, "certificate_data"));
  const { kty, n, e, x, y, crv }: JsonWebKey = createPublicKey(privateKey).export({ format: "jwk" });
  const material: Document =
    kty === "RSA" ? { n: n ?? null, e: e ?? null } : { x: x ?? null, y: y ?? null, crv: crv ?? null };
  return {
    ...use,
    kid: keyId(lab, pair),
    kty: kty ?? null,
    ...material,
    x5c: [certificate.raw.toString("base64")],
    x5t: digest("sha1", certificate.raw),
    "x5t#S256": digest("sha256", certificate.raw),
  };
}

function keyId({ profile }: Lab, pair: Document): string {
  const key = Buffer.from(textOf(pair, "key_data"));
  return profile.name === "2025.10" ? createHash("md5").update(key).digest("hex") : digest("sha512", key);
}

function digest(algorithm: string, data: Buffer): string {
  return createHash(algorithm).update(data).digest("base64url");
}
