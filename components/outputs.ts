import * as pulumi from "@pulumi/pulumi";

/** Lines to paste into a root shell on every Proxmox node, so that it trusts the CA; it counts at once. */
export function nodeCommands(caCertificate: string | undefined): string | undefined {
  if (!caCertificate) return undefined;
  return [
    "cat > /usr/local/share/ca-certificates/authentik-ca.crt <<'EOF'",
    caCertificate.trim(),
    "EOF",
    "update-ca-certificates",
  ].join("\n");
}

export function nextSteps(addresses: readonly string[], realm: pulumi.Output<string>): pulumi.Output<string> {
  return pulumi.interpolate`Open ${addresses[0]}, choose the realm "${realm}" and log in. New users may do nothing yet: grant them roles under Datacenter > Permissions.`;
}
