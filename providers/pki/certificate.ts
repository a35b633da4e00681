import {
  createHash,
  createPrivateKey,
  KeyObject,
  randomBytes,
  webcrypto,
  X509Certificate,
} from "node:crypto";
import { isIP } from "node:net";
import type { Extension } from "@peculiar/x509";
import { Limit } from "../core/limit";
import { certificatesIn } from "../http/pem";
import { constrainedTo } from "./nameConstraints";

/** A certificate and its private key, both as PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly privateKey: string;
}

interface CertificateRequest {
  readonly commonName: string;
  /** Host names and IP addresses. */
  readonly subjectAltNames: readonly string[];
  readonly validityDays: number;
  readonly keySize: 2048 | 3072 | 4096;
  /** Hexadecimal. @default random */
  readonly serialNumber?: string;
}

/** Tolerates a server clock that is slightly behind. */
const backdateMilliseconds = 5 * 60_000;
const dayMilliseconds = 86_400_000;
const caValidityDays = 3650;

/** A random 20-byte serial number; its first bit is 0, since X.509 serials are positive. */
export function randomSerialNumber(): string {
  return serialNumberOf(randomBytes(20));
}

/** A positive serial number of 20 bytes. */
export function serialNumberOf(random: Buffer): string {
  const bytes = Buffer.from(random.subarray(0, 20));
  bytes.writeUInt8((bytes.readUInt8() & 0x7f) | 0x40);
  return bytes.toString("hex");
}

/** An RSA key and its certificate: signed by `issuer`, or by itself. */
export async function issueCertificate(request: CertificateRequest, issuer?: KeyPair): Promise<KeyPair> {
  const x509 = await library();
  const keys = await generateKeys(request.keySize);
  const altNames = request.subjectAltNames.map((value) => ({
    type: isIP(value) ? ("ip" as const) : ("dns" as const),
    value,
  }));
  const { digitalSignature, keyEncipherment } = x509.KeyUsageFlags;
  const pair = await sign(request, keys, issuer && (await signerOf(issuer)), [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(digitalSignature | keyEncipherment, true),
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
    ...(altNames.length > 0 ? [new x509.SubjectAlternativeNameExtension(altNames)] : []),
  ]);
  return { ...pair, certificate: pair.certificate + intermediatesIn(issuer?.certificate ?? "") };
}

/** The intermediate certificates. Some clients trust only the root, so servers send the others. */
function intermediatesIn(chain: string): string {
  const certificates = certificatesIn(chain).map((pem) => new X509Certificate(pem));
  return certificates
    .filter(({ issuer, subject }) => issuer !== subject)
    .map((certificate) => certificate.toString())
    .join("");
}

/**
 * Creates a small certificate authority.
 * @param host the only host for which clients accept its certificates
 */
export async function createCertificateAuthority(commonName: string, host?: string): Promise<KeyPair> {
  const x509 = await library();
  const keys = await generateKeys(3072);
  const { keyCertSign, cRLSign } = x509.KeyUsageFlags;
  return sign({ commonName, validityDays: caValidityDays }, keys, undefined, [
    new x509.BasicConstraintsExtension(true, 0, true),
    new x509.KeyUsagesExtension(keyCertSign | cRLSign, true),
    ...(host === undefined ? [] : [await constrainedTo(host)]),
  ]);
}

interface Signer {
  readonly certificate: X509Certificate;
  readonly key: webcrypto.CryptoKey;
  readonly algorithm: Algorithm;
}

interface Algorithm {
  readonly name: string;
  readonly hash: string;
}

/** Loaded late, because it takes half a second and most runs issue no certificate. */
async function library() {
  await import("reflect-metadata");
  return import("@peculiar/x509");
}

/** More keys at a time would delay the first one, for which authentik waits. */
const generation = new Limit(2);
/** Keys by size that no certificate has yet. The oldest one is first. */
const prepared = new Map<number, Promise<webcrypto.CryptoKeyPair>[]>();

/** Starts to generate a key for a later certificate. This takes a core about 0.2 s with 2048 bits. */
export function prepareKey(size: number): void {
  const keys = newKeys(size);
  // The error reaches the caller that uses the key.
  keys.catch(() => {});
  prepared.set(size, [...(prepared.get(size) ?? []), keys]);
}

function generateKeys(size: number): Promise<webcrypto.CryptoKeyPair> {
  return prepared.get(size)?.shift() ?? newKeys(size);
}

function newKeys(modulusLength: number): Promise<webcrypto.CryptoKeyPair> {
  const algorithm = { ...rsa, modulusLength, publicExponent: new Uint8Array([1, 0, 1]) };
  return generation.run(() => webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]));
}

const rsa = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };

/** Elliptic curves that a company's CA may use, as step-ca does. Keys are Node's curve names. */
const curves: Readonly<Record<string, Algorithm & { readonly namedCurve: string }>> = {
  prime256v1: { name: "ECDSA", hash: "SHA-256", namedCurve: "P-256" },
  secp384r1: { name: "ECDSA", hash: "SHA-384", namedCurve: "P-384" },
};

async function signerOf({ certificate, privateKey }: KeyPair): Promise<Signer> {
  const key = createPrivateKey(privateKey);
  const algorithm = curves[key.asymmetricKeyDetails?.namedCurve ?? ""] ?? rsa;
  const pkcs8 = key.export({ format: "der", type: "pkcs8" });
  return {
    certificate: new X509Certificate(certificate),
    key: await webcrypto.subtle.importKey("pkcs8", pkcs8, algorithm, false, ["sign"]),
    algorithm,
  };
}

/** Copies the signer's subject and key identifier, because strict clients use both to find the issuer. */
async function sign(
  request: Pick<CertificateRequest, "commonName" | "validityDays" | "serialNumber">,
  keys: webcrypto.CryptoKeyPair,
  signer: Signer | undefined,
  extensions: readonly Extension[],
): Promise<KeyPair> {
  const x509 = await library();
  const issuer = signer && new x509.X509Certificate(signer.certificate.raw);
  const start = Date.now() - backdateMilliseconds;
  const subject = [{ CN: [request.commonName] }];
  const certificate = await x509.X509CertificateGenerator.create(
    {
      serialNumber: request.serialNumber ?? randomSerialNumber(),
      subject,
      issuer: issuer?.subjectName ?? subject,
      notBefore: new Date(start),
      notAfter: new Date(start + request.validityDays * dayMilliseconds),
      publicKey: keys.publicKey,
      signingKey: signer?.key ?? keys.privateKey,
      signingAlgorithm: signer?.algorithm ?? rsa,
      extensions: [
        ...extensions,
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
        await authorityKeyIdentifier(issuer, keys.publicKey),
      ],
    },
    webcrypto,
  );
  return {
    certificate: `${certificate.toString("pem")}\n`,
    // PKCS #8, the form that was tested with the real server.
    privateKey: KeyObject.from(keys.privateKey).export({ format: "pem", type: "pkcs8" }).toString(),
  };
}

/** The issuer's own identifier of its key, which may not be the usual hash. */
async function authorityKeyIdentifier(
  issuer: import("@peculiar/x509").X509Certificate | undefined,
  ownKey: webcrypto.CryptoKey,
): Promise<Extension> {
  const x509 = await library();
  const told = issuer?.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId;
  if (told) return new x509.AuthorityKeyIdentifierExtension(told);
  return x509.AuthorityKeyIdentifierExtension.create(issuer?.publicKey ?? ownKey, false, webcrypto);
}

/** SHA-256 of the certificate, in authentik's form: lower-case hex bytes with colons. */
export function fingerprintOf(der: Buffer): string {
  const hex = createHash("sha256").update(der).digest("hex");
  return hex.match(/../g)?.join(":") ?? "";
}
