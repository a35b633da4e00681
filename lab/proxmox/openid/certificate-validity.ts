import type { DetailedPeerCertificate, TLSSocket } from "node:tls";

/** The TLS error of Node.js, if this machine had the node's clock. */
class ValidityError extends Error {
  constructor(readonly code: "CERT_NOT_YET_VALID" | "CERT_HAS_EXPIRED") {
    super(code);
  }
}

/** The error that OpenSSL would find at this time. Checks the CA's certificate first. */
export function validityProblem(socket: TLSSocket, now: number): ValidityError | undefined {
  for (const { valid_from: from, valid_to: to } of chainOf(socket).reverse()) {
    if (now < Date.parse(from)) return new ValidityError("CERT_NOT_YET_VALID");
    if (now > Date.parse(to)) return new ValidityError("CERT_HAS_EXPIRED");
  }
  return undefined;
}

function chainOf(socket: TLSSocket): DetailedPeerCertificate[] {
  const chain: DetailedPeerCertificate[] = [];
  let certificate: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  // A CA's certificate is its own issuer.
  while (certificate !== undefined && !chain.includes(certificate)) {
    chain.push(certificate);
    certificate = certificate.issuerCertificate;
  }
  return chain;
}
