import { Config } from "@pulumi/pulumi";
import { AuthentikStack, ProxmoxAuthentikSso, SsoProvider } from "proxmox-authentik-sso";

const config = new Config();
const credentials = new Config("pulumi-nodejs");
const options = { providers: [new SsoProvider()] };

const authentik = new AuthentikStack(
  "authentik",
  {
    url: "https://auth.example.com",
    secrets: {
      secretKey: config.requireSecret("authentikSecretKey"),
      databasePassword: config.requireSecret("postgresPassword"),
      bootstrapPassword: config.requireSecret("authentikBootstrapPassword"),
      bootstrapToken: credentials.requireSecret("authentikToken"),
    },
    tls: { caCertificate: config.require("tlsCaCertificate"), caKeyConfigKey: "tlsCaKey" },
    docker: {
      host: "ssh://admin@docker.example.com",
      platform: "linux/arm64",
      registry: {
        address: "registry.example.com",
        username: "pull",
        password: config.requireSecret("registryPassword"),
      },
    },
    images: { authentik: "registry.example.com/goauthentik/server:2026.8.7" },
    // The tunnel has to be open during an `up`: ssh -L 9000:127.0.0.1:80 admin@docker.example.com
    httpBindAddress: "127.0.0.1",
    apiUrl: "http://127.0.0.1:9000",
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
