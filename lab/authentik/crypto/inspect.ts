import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";

export function parseCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    // Node only says that it cannot parse; the caller has the message that the real server gives.
    return undefined;
  }
}

export function parsePrivateKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}

export interface CertificateFacts {
  sha256: string;
  sha1: string;
  expiry: string;
  subject: string;
  keyType: string;
}

export function describeCertificate(pem: string): CertificateFacts {
  const certificate = new X509Certificate(pem);
  return {
    sha256: certificate.fingerprint256.toLowerCase(),
    sha1: certificate.fingerprint.toLowerCase(),
    expiry: new Date(certificate.validTo).toISOString().replace(".000Z", "Z"),
    // RFC 4514 writes the last name first.
    subject: certificate.subject.split("\n").reverse().join(","),
    keyType: certificate.publicKey.asymmetricKeyType ?? "",
  };
}
