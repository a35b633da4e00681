import "reflect-metadata";
import { KeyObject, randomBytes, webcrypto } from "node:crypto";
import { type JsonName, SubjectAlternativeNameExtension, X509CertificateGenerator } from "@peculiar/x509";

interface CertificateRequest {
  commonName: string;
  names: string[];
  days: number;
  algorithm: "rsa" | "ecdsa" | "ed25519";
  /** By default the subject itself. */
  issuer?: string;
  rsaBits?: number;
}

interface CertificatePair {
  certificate: string;
  privateKey: string;
}

const DAY = 24 * 60 * 60 * 1000;
const COMMON_NAME_LIMIT = 64;

/** Generates a self-signed pair like authentik's generator. */
export async function generateCertificate(request: CertificateRequest): Promise<CertificatePair> {
  const algorithm = webAlgorithm(request);
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  if (!("privateKey" in keys)) throw new Error(`${request.algorithm} made no key pair.`);
  const now = Date.now();
  const names = request.names.map((name) => ({
    type: isAddress(name) ? ("ip" as const) : ("dns" as const),
    value: name,
  }));
  const subject: JsonName = [
    { CN: [request.commonName.slice(0, COMMON_NAME_LIMIT)] },
    { O: ["authentik"] },
    { OU: ["Self-signed"] },
  ];
  const certificate = await X509CertificateGenerator.create(
    {
      serialNumber: `01${randomBytes(15).toString("hex")}`,
      subject,
      issuer: request.issuer === undefined ? subject : [{ CN: [request.issuer] }],
      notBefore: new Date(now - DAY),
      notAfter: new Date(now + request.days * DAY),
      publicKey: keys.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: algorithm,
      extensions: names.length > 0 ? [new SubjectAlternativeNameExtension(names, true)] : [],
    },
    webcrypto,
  );
  return { certificate: `${certificate.toString("pem")}\n`, privateKey: exportKey(keys.privateKey) };
}

function webAlgorithm(request: CertificateRequest) {
  switch (request.algorithm) {
    case "rsa":
      return {
        name: "RSASSA-PKCS1-v1_5",
        modulusLength: request.rsaBits ?? 4096,
        publicExponent: new Uint8Array([1, 0, 1]),
        hash: "SHA-256",
      };
    case "ecdsa":
      return { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
    case "ed25519":
      return { name: "Ed25519" };
  }
}

function exportKey(privateKey: webcrypto.CryptoKey): string {
  const key = KeyObject.from(privateKey);
  switch (key.asymmetricKeyType) {
    case "rsa":
      return key.export({ format: "pem", type: "pkcs1" }).toString();
    case "ec":
      return key.export({ format: "pem", type: "sec1" }).toString();
    default:
      return key.export({ format: "pem", type: "pkcs8" }).toString();
  }
}

function isAddress(name: string): boolean {
  return /^\d+\.\d+\.\d+\.\d+$/.test(name) || name.includes(":");
}
