import { Config } from "@pulumi/pulumi";
import { AuthentikStack, ProxmoxAuthentikSso, SsoProvider } from "proxmox-authentik-sso";

const config = new Config();
const credentials = new Config("pulumi-nodejs");
const options = { providers: [new SsoProvider()] };

const authentik = new AuthentikStack(
  "authentik",
  {
    // Traefik's address. No `tls`: authentik's own https port is not used.
    url: "https://auth.example.com",
    secrets: {
      secretKey: config.requireSecret("authentikSecretKey"),
      databasePassword: config.requireSecret("postgresPassword"),
      bootstrapPassword: config.requireSecret("authentikBootstrapPassword"),
      bootstrapToken: credentials.requireSecret("authentikToken"),
    },
    // Only Traefik on the same host reaches it (see ../config/traefik).
    bindAddress: "127.0.0.1",
    httpPort: 9000,
    httpsPort: 9443,
  },
  options,
);

const sso = new ProxmoxAuthentikSso(
  "sso",
  {
    authentik,
    proxmox: { addresses: ["https://pve.example.com:8006"], caCertificate: config.get("proxmoxCa") },
    access: { "pve-admins": { "/": "Administrator" } },
  },
  options,
);

export const proof = sso.proof;
