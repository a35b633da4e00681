import { Config } from "@pulumi/pulumi";
import { AuthentikStack, ProxmoxAuthentikSso, SsoProvider } from "proxmox-authentik-sso";

const config = new Config();
const credentials = new Config("pulumi-nodejs");
const options = { providers: [new SsoProvider()] };

const authentik = new AuthentikStack(
  "authentik",
  {
    url: config.require("authentikUrl"),
    secrets: {
      secretKey: config.requireSecret("authentikSecretKey"),
      databasePassword: config.requireSecret("postgresPassword"),
      bootstrapPassword: config.requireSecret("authentikBootstrapPassword"),
      bootstrapToken: credentials.requireSecret("authentikToken"),
    },
    // The CA that every Proxmox node has to trust. Its key is read where it is used, and is in no state.
    tls: { caCertificate: config.require("tlsCaCertificate"), caKeyConfigKey: "tlsCaKey" },
  },
  options,
);

const sso = new ProxmoxAuthentikSso(
  "sso",
  {
    authentik,
    proxmox: {
      addresses: config.requireObject("proxmoxAddresses"),
      caCertificate: config.get("proxmoxCa"),
    },
    allowEveryone: true,
  },
  options,
);

export const proof = sso.proof;
