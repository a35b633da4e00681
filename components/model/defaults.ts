/** Defaults of options for which no resource has a default. */
export const defaults = {
  /** Name of the realm on Proxmox. */
  realm: "authentik",
  application: { name: "Proxmox VE", slug: "proxmox" },
  /** Config keys of the credentials. */
  keys: {
    authentikToken: "authentikToken",
    proxmoxToken: "proxmoxToken",
    proxmoxPassword: "proxmoxPassword",
  },
  /** Scopes that Proxmox requests in addition to `openid`. */
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

/** Default application of one cluster among several. Each cluster needs its own slug, because the issuer contains it. */
export function applicationOf(
  cluster: string,
  product: string = defaults.application.name,
): { name: string; slug: string } {
  const { slug } = defaults.application;
  return { name: `${product} (${cluster})`, slug: `${slug}-${cluster.toLowerCase()}` };
}
