import { Config } from "@pulumi/pulumi";
import {
  existingAuthentik,
  ProxmoxAuthentikSso,
  type ProxmoxAuthentikSsoArgs,
  SsoProvider,
} from "proxmox-authentik-sso";

const config = new Config();
const provider = new SsoProvider();
const authentik = existingAuthentik({ url: config.require("authentikUrl") }, { provider });

/** By cluster; a group that both have is made once. */
const access: Record<string, ProxmoxAuthentikSsoArgs["access"]> = {
  berlin: {
    "pve-admins": { "/": "Administrator" },
    "berlin-devs": { "/vms": "Operator", "/storage/local": "PVEDatastoreUser" },
  },
  munich: {
    "pve-admins": { "/": "Administrator" },
    "munich-devs": { "/vms": ["Operator", "PVEAuditor"] },
  },
};

const logins = Object.entries(access).map(
  ([name, groups]) =>
    new ProxmoxAuthentikSso(
      name,
      {
        authentik,
        proxmox: {
          addresses: config.requireObject(`${name}Addresses`),
          caCertificate: config.get(`${name}Ca`),
          tokenConfigKey: `proxmoxToken-${name}`,
        },
        application: { name: `Proxmox VE (${name})`, slug: `proxmox-${name}` },
        access: groups,
        roles: { Operator: ["VM.Audit", "VM.Console", "VM.PowerMgmt"] },
      },
      { providers: [provider] },
    ),
);

export const proofs = Object.fromEntries(logins.map(({ name, proof }) => [name, proof]));
