import type { Product } from "../accessControl/product";

export const datacenterManager: Product = {
  module: "datacenterManager",
  name: "Proxmox Datacenter Manager",
  shortName: "Datacenter Manager",
  port: 8443,
  ownRealm: "pdm",
  credentialForm: {
    tokenHeader: "PDMAPIToken",
    separator: ":",
    ticketCookie: "__Host-PDMAuthCookie",
  },
  tokenConfigKey: "datacenterManagerToken",
  passwordConfigKey: "datacenterManagerPassword",
  seesAll: "Access.Audit",
  needs: [
    { path: "/access/domains", privilege: "Realm.Allocate" },
    { path: "/access/users", privilege: "Access.Modify" },
    { path: "/access/acl", privilege: "Access.Modify" },
  ],
  adminRole: "Administrator",
  // Recorded with 1.1.7.
  roles: ["Administrator", "Auditor"],
  // Recorded with 1.1.7. Below `/resource`, `/system` and `/view` it accepts more paths than are documented.
  aclPaths: [
    "/",
    "/access",
    "/access/acl",
    "/access/realm",
    "/access/users",
    "/resource",
    "/resource/{names}",
    "/system",
    "/system/{names}",
    "/view",
    "/view/{names}",
  ],
  howToGrant: (role, path, who) =>
    `Give it in the Datacenter Manager's web interface, Configuration > Access Control > Permissions: ${role} on ${path}, for ${who.join(" and for ")}.`,
  daemon: "proxmox-datacenter-privileged-api",
  realmVersions: { audiences: "1.0.4" },
};
