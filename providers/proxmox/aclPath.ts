import { z } from "zod";

/** Path forms that Proxmox accepts in a permission (pve-access-control 9.1.1, PVE/AccessControl.pm, `check_path`). */
const forms = [
  "/",
  "/access",
  "/access/groups",
  "/access/groups/{name}",
  "/access/realm",
  "/access/realm/{name}",
  "/mapping",
  "/mapping/{name}",
  "/mapping/{name}/{name}",
  "/nodes",
  "/nodes/{name}",
  "/pool",
  "/pool/{name}",
  "/pool/{name}/{name}",
  "/pool/{name}/{name}/{name}",
  "/sdn",
  "/sdn/{part}",
  "/sdn/controllers/{controller}",
  "/sdn/dns/{id}",
  "/sdn/fabrics/{id}",
  "/sdn/ipams/{id}",
  "/sdn/prefix-lists/{id}",
  "/sdn/route-maps/{id}",
  "/sdn/zones/{name}",
  "/sdn/zones/{name}/{name}",
  "/sdn/zones/{name}/{name}/{vlan}",
  "/storage",
  "/storage/{name}",
  "/vms",
  "/vms/{vmid}",
];

const placeholders: Readonly<Record<string, string>> = {
  controller: "[A-Za-z0-9_-]+",
  id: "[A-Za-z0-9]+",
  name: "[A-Za-z0-9._-]+",
  part: "(?:controllers|dns|fabrics|ipams|prefix-lists|route-maps|zones)",
  vlan: "[1-9][0-9]{0,3}",
  vmid: "[1-9][0-9]{2,}",
};

const allowed = new RegExp(
  `^(?:${forms.map((form) => form.replace(/\{(\w+)\}/g, (_, key) => placeholders[key] ?? "")).join("|")})$`,
);

/** The path of a permission in the form that Proxmox stores: `/vms/100` for `vms//100/`. */
export const aclPath = z
  .string()
  .min(1)
  .transform((path) => `/${path}`.replace(/\/+/g, "/").replace(/(.)\/$/, "$1"))
  .refine((path) => allowed.test(path), {
    error: ({ input }) =>
      `"${input}" is not a path that Proxmox accepts in a permission. It accepts ${forms.join(", ")}`,
  });

/**
 * Privileges of which one is enough to see and change the permissions on a path (PVE/RPCEnvironment.pm,
 * `check_perm_modify`).
 */
export function modifyPrivileges(path: string): string[] {
  const [, kind = ""] = /^\/(storage|vms|pool)\/./.exec(path) ?? [];
  const own = { storage: "Datastore.Allocate", vms: "VM.Allocate", pool: "Pool.Allocate" }[kind];
  return ["Permissions.Modify", ...(own ? [own] : [])];
}
