import { certificatesIn } from "../http/pem";

const folder = "/usr/local/share/ca-certificates";

/** Suffix of the file names of the previous CA. */
const before = "-before";

/**
 * Commands for a root shell on every Proxmox node. The node then trusts the CA immediately.
 * @param caBefore the previous CA. The node trusts both, because authentik serves its old certificate for a while.
 */
export function nodeTrustCommands(caCertificate: string, caBefore?: string): string {
  return [
    ...filesOf(caCertificate, ""),
    ...(caBefore === undefined ? [] : filesOf(caBefore, before)),
    "update-ca-certificates",
  ].join("\n");
}

/** Commands that remove the previous CA after authentik serves a certificate of the new one. */
export const nodeDistrustCommands = `rm ${folder}/authentik-ca*${before}.crt\nupdate-ca-certificates --fresh`;

/** One file for each certificate: OpenSSL reads only the first certificate of a file in a trust store. */
function filesOf(pem: string, suffix: string): string[] {
  const certificates = certificatesIn(pem);
  return (certificates.length > 0 ? certificates : [pem.trim()]).flatMap((certificate, index) => [
    `cat > ${folder}/authentik-ca${index === 0 ? "" : `-${index + 1}`}${suffix}.crt <<'EOF'`,
    certificate,
    "EOF",
  ]);
}

/** Whether a stored text is the certificate of another CA. */
export function isAnotherCa(kept: unknown, caCertificate: string): kept is string {
  if (typeof kept !== "string") return false;
  const before = certificatesIn(kept);
  return before.length > 0 && before.join() !== certificatesIn(caCertificate).join();
}
