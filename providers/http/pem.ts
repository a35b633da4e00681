const begin = "-----BEGIN CERTIFICATE-----";
const block = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The certificates in a PEM text, without the text around them. OpenSSL skips those that share a line with a mark. */
export function certificatesIn(pem: string): string[] {
  return pem.match(block) ?? [];
}

/** Whether a certificate begins that does not end. */
export function isCutOff(pem: string): boolean {
  return pem.split(begin).length - 1 > certificatesIn(pem).length;
}

export function hasCertificate(pem: string): boolean {
  return pem.includes(begin);
}

export function hasPrivateKey(pem: string): boolean {
  return /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem);
}
