import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";

export function parseCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    // Node's error has no details. The caller has the real server's message.
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

const described = new Map<string, CertificateFacts>();

/** Parses each certificate once, because every list of certificates describes all of them. */
export function describeCertificate(pem: string): CertificateFacts {
  const known = described.get(pem);
  if (known) return known;
  const facts = parseFacts(pem);
  described.set(pem, facts);
  return facts;
}

function parseFacts(pem: string): CertificateFacts {
  const certificate = new X509Certificate(pem);
  return {
    sha256: certificate.fingerprint256.toLowerCase(),
    sha1: certificate.fingerprint.toLowerCase(),
    expiry: new Date(certificate.validTo).toISOString().replace(".000Z", "Z"),
    // RFC 4514 lists the names in reverse order.
    subject: certificate.subject.split("\n").reverse().join(","),
    keyType: certificate.publicKey.asymmetricKeyType ?? "",
  };
}
