import { createHash, randomBytes } from "node:crypto";
import { isIP } from "node:net";
import forge from "node-forge";

/** A certificate and its private key, both as PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly privateKey: string;
}

export interface CertificateRequest {
  readonly commonName: string;
  /** Host names and IP addresses. */
  readonly subjectAltNames: readonly string[];
  readonly validityDays: number;
  readonly keySize: 2048 | 3072 | 4096;
  /** Hexadecimal. @default random */
  readonly serialNumber?: string;
}

/** Tolerates the clock of a server that runs a little behind. */
const backdateMilliseconds = 5 * 60_000;
const dayMilliseconds = 86_400_000;
const caValidityDays = 3650;

/** forge hands this call to Node's native key generation. */
function generateKeyPair(bits: number): Promise<forge.pki.rsa.KeyPair> {
  return new Promise((resolve, reject) => {
    forge.pki.rsa.generateKeyPair({ bits }, (error, keys) => (error ? reject(error) : resolve(keys)));
  });
}

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
  const keys = await generateKeyPair(request.keySize);
  const certificate = blank(request, keys.publicKey);
  const altNames = request.subjectAltNames.map((name) =>
    isIP(name) ? { type: 7, ip: name } : { type: 2, value: name },
  );
  certificate.setExtensions([
    { name: "basicConstraints", cA: false, critical: true },
    { name: "keyUsage", digitalSignature: true, keyEncipherment: true, critical: true },
    { name: "extKeyUsage", serverAuth: true },
    ...(altNames.length > 0 ? [{ name: "subjectAltName", altNames }] : []),
    { name: "subjectKeyIdentifier" },
  ]);
  if (issuer) {
    const ca = forge.pki.certificateFromPem(issuer.certificate);
    certificate.setIssuer(ca.subject.attributes);
    certificate.sign(forge.pki.privateKeyFromPem(issuer.privateKey), forge.md.sha256.create());
  } else {
    certificate.sign(keys.privateKey, forge.md.sha256.create());
  }
  return pemPair(certificate, keys.privateKey);
}

/** A small certificate authority of one's own. */
export async function createCertificateAuthority(commonName: string): Promise<KeyPair> {
  const keys = await generateKeyPair(3072);
  const request = { commonName, subjectAltNames: [], validityDays: caValidityDays, keySize: 3072 } as const;
  const certificate = blank(request, keys.publicKey);
  certificate.setExtensions([
    { name: "basicConstraints", cA: true, pathLenConstraint: 0, critical: true },
    { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    { name: "subjectKeyIdentifier" },
  ]);
  certificate.sign(keys.privateKey, forge.md.sha256.create());
  return pemPair(certificate, keys.privateKey);
}

function blank(request: CertificateRequest, publicKey: forge.pki.rsa.PublicKey): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = publicKey;
  certificate.serialNumber = request.serialNumber ?? randomSerialNumber();
  const start = Date.now() - backdateMilliseconds;
  certificate.validity.notBefore = new Date(start);
  certificate.validity.notAfter = new Date(start + request.validityDays * dayMilliseconds);
  const subject = [{ name: "commonName", value: request.commonName }];
  certificate.setSubject(subject);
  certificate.setIssuer(subject);
  return certificate;
}

function pemPair(certificate: forge.pki.Certificate, privateKey: forge.pki.rsa.PrivateKey): KeyPair {
  return {
    certificate: unixLines(forge.pki.certificateToPem(certificate)),
    // PKCS #8, the form of the keys that were measured with the real server.
    privateKey: unixLines(
      forge.pki.privateKeyInfoToPem(forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(privateKey))),
    ),
  };
}

/** forge ends lines as Windows does, which looks broken when pasted into a shell. */
function unixLines(pem: string): string {
  return pem.replaceAll("\r\n", "\n");
}

/** SHA-256 of the certificate, in authentik's form: lower-case hex bytes with colons. */
export function fingerprintOf(der: Buffer): string {
  const hex = createHash("sha256").update(der).digest("hex");
  return hex.match(/../g)?.join(":") ?? "";
}
