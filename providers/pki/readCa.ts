import { X509Certificate } from "node:crypto";
import { certificatesIn, hasCertificate, hasPrivateKey, isCutOff } from "../http/pem";

const damaged =
  "has a certificate that cannot be read: its text is damaged or cut off. Set the whole file again";

/** Why a text is not a valid CA certificate. Continues after the option's name. */
export function problemWithCa(pem: string, now = new Date()): string | undefined {
  if (!hasCertificate(pem)) {
    return "must be the PEM text of a certificate (-----BEGIN CERTIFICATE----- …)";
  }
  // The nodes, the stack's outputs and the state get this text.
  if (hasPrivateKey(pem)) return "has a private key, which is a secret: set only the certificate";
  const certificates = certificatesIn(pem).map(read);
  if (isCutOff(pem) || certificates.includes(undefined)) return damaged;
  const known = certificates.filter((certificate) => certificate !== undefined);
  const [first] = known;
  // A self-signed certificate is its own CA.
  const roots = known.filter(({ ca, issuer, subject }) => ca || issuer === subject);
  if (roots.length === 0) {
    return `is the certificate of ${nameOf(first?.subject)} itself, issued by ${nameOf(first?.issuer)}, and not a CA: set the certificate of the CA that issued it (Proxmox's own CA is in /etc/pve/pve-root-ca.pem)`;
  }
  if (roots.some(({ validTo }) => new Date(validTo) > now)) return undefined;
  return `is the CA ${nameOf(roots[0]?.subject)}, which expired on ${roots[0]?.validTo}: set the one that replaced it`;
}

/** Why a CA cannot sign certificates. The first certificate is the one that signs. */
export function problemWithSigningCa(pem: string, now = new Date()): string | undefined {
  const problem = problemWithCa(pem, now);
  if (problem !== undefined) return problem;
  const signer = read(certificatesIn(pem)[0] ?? "");
  if (signer === undefined) return damaged;
  if (!signer.ca) {
    return `is the certificate ${nameOf(signer.subject)}, which is not allowed to sign others (its basic constraints or key usage). Set the certificate of a CA. Or remove the key and run npm run credentials, which generates a CA`;
  }
  return new Date(signer.validTo) > now
    ? undefined
    : `is the CA ${nameOf(signer.subject)}, which expired on ${signer.validTo}: set the one that replaced it`;
}

function read(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

/** A distinguished name on one line. */
function nameOf(name: string | undefined): string {
  return `"${(name ?? "").split("\n").join(", ")}"`;
}
