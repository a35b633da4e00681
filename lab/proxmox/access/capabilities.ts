import type { Permissions } from "./permissions";

const byTopLevel: Record<string, { path: string; privileges: RegExp }> = {
  dc: { path: "/", privileges: /^(Sys\.Audit|Sys\.Modify|SDN\.)/ },
  nodes: { path: "/nodes", privileges: /^(Sys\.|Permissions\.Modify)/ },
  access: { path: "/access/groups", privileges: /^(User\.|Group\.|Permissions\.Modify)/ },
  vms: { path: "/vms", privileges: /^(VM\.|Permissions\.Modify)/ },
  storage: { path: "/storage", privileges: /^(Datastore\.|Permissions\.Modify)/ },
  sdn: { path: "/sdn", privileges: /^(SDN\.|Permissions\.Modify)/ },
  mapping: { path: "/mapping", privileges: /^(Mapping\.|Permissions\.Modify)/ },
};

/** The user's privileges for the web interface, in a ticket's answer. */
export function capabilitiesOf(permissions: Permissions, userid: string): Record<string, Record<string, 1>> {
  const capabilities: Record<string, Record<string, 1>> = {};
  for (const [topLevel, { path, privileges }] of Object.entries(byTopLevel)) {
    const names = [...permissions.privilegesOn(userid, path).keys()];
    capabilities[topLevel] = Object.fromEntries(
      names.filter((name) => privileges.test(name)).map((name) => [name, 1 as const]),
    );
  }
  return capabilities;
}
