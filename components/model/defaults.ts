/** What counts where the user says nothing, and no resource has a default of its own. */
export const defaults = {
  /** Of the realm on Proxmox. */
  realm: "authentik",
  application: { name: "Proxmox VE", slug: "proxmox" },
  /** Config keys of the credentials. */
  keys: {
    authentikToken: "authentikToken",
    proxmoxToken: "proxmoxToken",
    proxmoxPassword: "proxmoxPassword",
  },
  /** What Proxmox asks for besides `openid`. */
  scopes: "email profile",
  stack: {
    bindAddress: "0.0.0.0",
    httpPort: 80,
    httpsPort: 443,
    redis: true,
    ipv6: true,
    bootstrapEmail: "root@example.com",
    errorReporting: false,
    memoryMegabytes: 2048,
    databaseVolume: "database",
    databasePort: 5432,
    registry: "docker.io",
  },
} as const;

/** Of one of several Proxmox: the issuer has the slug in it, so that each needs its own. */
export function applicationOf(cluster: string): { name: string; slug: string } {
  const { name, slug } = defaults.application;
  return { name: `${name} (${cluster})`, slug: `${slug}-${cluster.toLowerCase()}` };
}
