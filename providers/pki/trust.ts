const block = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const folder = "/usr/local/share/ca-certificates";

/** The end of the names of a CA's files that goes after a change of the CA. */
const before = "-before";

/**
 * Lines to paste into a root shell on every Proxmox node, so that it trusts the CA; it counts at once.
 *
 * @param caBefore the CA whose place it takes. Both are trusted then, as authentik serves its old certificate for a while
 */
export function nodeTrustCommands(caCertificate: string, caBefore?: string): string {
  return [
    ...filesOf(caCertificate, ""),
    ...(caBefore === undefined ? [] : filesOf(caBefore, before)),
    "update-ca-certificates",
  ].join("\n");
}

/** Lines for the nodes once authentik serves a certificate of the new CA. */
export const nodeDistrustCommands = `rm ${folder}/authentik-ca*${before}.crt\nupdate-ca-certificates --fresh`;

/** A file for each certificate: OpenSSL finds one that stands after another in a file in no trust store. */
function filesOf(pem: string, suffix: string): string[] {
  return (pem.match(block) ?? [pem.trim()]).flatMap((certificate, index) => [
    `cat > ${folder}/authentik-ca${index === 0 ? "" : `-${index + 1}`}${suffix}.crt <<'EOF'`,
    certificate,
    "EOF",
  ]);
}

/** Whether a text that a stack keeps is a certificate, and another one. */
export function isAnotherCa(kept: unknown, caCertificate: string): kept is string {
  return (
    typeof kept === "string" &&
    /^\s*-----BEGIN CERTIFICATE/.test(kept) &&
    kept.trim() !== caCertificate.trim()
  );
}
