import type { Overview, Realm } from "./overview";

const dayMs = 24 * 60 * 60 * 1000;

export function daysLeft(expires: Date): number {
  return Math.floor((expires.getTime() - Date.now()) / dayMs);
}

/** The overview for a terminal. */
export function asText({ stack, authentik, realms, certificates }: Overview): string {
  return [
    `Stack ${stack}`,
    `authentik  ${authentik}`,
    ...realms.flatMap(realmLines),
    "",
    "Certificates",
    ...certificates.map(
      ({ name, expires }) =>
        `  ${name}: ${daysLeft(expires)} days left (${expires.toISOString().slice(0, 10)})`,
    ),
  ].join("\n");
}

function realmLines({ name, addresses, issuer, proof, provedAt, permissions }: Realm): string[] {
  return [
    "",
    `Realm ${name}`,
    `  Open        ${addresses.join(", ")}`,
    `  Issuer      ${issuer}`,
    `  Last proof  ${provedAt}: ${proof}`,
    ...permissions.map(({ path, role, who }) => `  May         ${who.join(", ")}: ${role} on ${path}`),
    ...(permissions.length === 0
      ? ["  May         what Datacenter > Permissions on Proxmox grants; this stack grants nothing"]
      : []),
  ];
}
