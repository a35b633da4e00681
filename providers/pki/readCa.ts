import { X509Certificate } from "node:crypto";

const block = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/** Why a text is not a valid CA certificate. Continues after the option's name. */
export function problemWithCa(pem: string, now = new Date()): string | undefined {
  if (!pem.includes("-----BEGIN CERTIFICATE-----")) {
    return "must be the PEM text of a certificate (-----BEGIN CERTIFICATE----- …)";
  }
  const certificates = (pem.match(block) ?? []).map(read);
  if (certificates.length === 0 || certificates.includes(undefined)) {
    return "has a certificate that cannot be read: its text is damaged or cut off. Set the whole file again";
  }
  const known = certificates.filter((certificate) => certificate !== undefined);
  const [first] = known;
  // A self-signed certificate is its own CA.
  const roots = known.filter(({ ca, issuer, subject }) => ca || issuer === subject);
  if (roots.length === 0) {
    return `is the certificate of ${nameOf(first?.subject)} itself, issued by ${nameOf(first?.issuer)}, and no CA: give that CA's certificate (of Proxmox's own: /etc/pve/pve-root-ca.pem)`;
  }
  if (roots.some(({ validTo }) => new Date(validTo) > now)) return undefined;
  return `is the CA ${nameOf(roots[0]?.subject)}, which expired on ${roots[0]?.validTo}: set the one that replaced it`;
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
