import { Config } from "@pulumi/pulumi";
import { existingAuthentik, ProxmoxAuthentikSso, SsoProvider } from "proxmox-authentik-sso";

const config = new Config();
const provider = new SsoProvider();

const sso = new ProxmoxAuthentikSso(
  "sso",
  {
    authentik: existingAuthentik(
      { url: config.require("authentikUrl"), caCertificate: config.get("authentikCaCertificate") },
      { provider },
    ),
    proxmox: {
      addresses: config.requireObject("proxmoxAddresses"),
      caCertificate: config.get("proxmoxCa"),
    },
    access: {
      "authentik Admins": { as: "admins", "/": "Administrator" },
      "pve-users": { "/vms": "PVEVMUser", "/storage/local": "PVEDatastoreUser" },
    },
  },
  { providers: [provider] },
);

export const realm = sso.realm;
export const proof = sso.proof;
