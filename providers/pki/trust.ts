/** Lines to paste into a root shell on every Proxmox node, so that it trusts the CA; it counts at once. */
export function nodeTrustCommands(caCertificate: string): string {
  return [
    "cat > /usr/local/share/ca-certificates/authentik-ca.crt <<'EOF'",
    caCertificate.trim(),
    "EOF",
    "update-ca-certificates",
  ].join("\n");
}
