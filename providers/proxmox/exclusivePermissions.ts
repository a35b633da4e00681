import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { ResourceDefinition } from "../core/definition";
import { nothingToOwn } from "../core/ownership";
import { DefinedResource } from "../core/resource";
import { aclPath } from "./aclPath";
import type { ExclusivePermissionsArgs } from "./args/exclusivePermissions";
import type { ProxmoxClient } from "./client";
import { connectProxmox, proxmoxConnection } from "./connection";
import { proxmoxName } from "./names";
import { requireReadAccess, seesAllPermissions } from "./privileges";

const permission = z.strictObject({ group: proxmoxName, role: proxmoxName, path: aclPath });

const inputs = z.object({
  proxmox: proxmoxConnection,
  /** All permissions of these groups. Any other permission is drift. */
  permissions: z
    .array(permission)
    .min(1, "must have at least one permission")
    .transform((permissions) => inOrder(permissions)),
});

type Inputs = z.output<typeof inputs>;
type Permission = z.output<typeof permission>;

interface Remote {
  /** The permissions of the last write. Each `Acl` checks whether its own permissions exist. */
  readonly own: Permission[];
  readonly others: readonly Permission[];
}

export const exclusivePermissionsDefinition: ResourceDefinition<
  typeof inputs,
  Remote,
  { own: Permission[] },
  ProxmoxClient
> = {
  type: "proxmox:ExclusivePermissions",
  title: "list of the Proxmox permissions of groups",
  inputs,
  ownership: nothingToOwn,
  replaceOn: [],
  secrets: [],
  id: ({ permissions }) => [...new Set(permissions.map(({ group }) => group))].join(", "),
  connect: ({ proxmox }, credentials) => connectProxmox(proxmox, credentials),
  find: async () => undefined,
  create: removeOthers,

  async read(client, { own }) {
    const others = await othersThan(client, own);
    for (const other of others) {
      console.log(`Not declared in \`access\`: ${text(other)}. The next up removes it.`);
    }
    return { own, others };
  },

  update: (client, _current, wanted) => removeOthers(client, wanted),
  delete: async () => {},
  observe: ({ own, others }) => ({ permissions: inOrder([...own, ...others]) }),
  outputs: ({ own }) => ({ own }),
};

async function removeOthers(client: ProxmoxClient, { permissions }: Inputs): Promise<Remote> {
  await requireReadAccess(client, "all permissions of its groups", seesAllPermissions);
  for (const other of await othersThan(client, permissions)) {
    await client.updateAcl({ path: other.path, roles: other.role, groups: other.group, delete: 1 });
    console.log(`Removed a permission that is not declared: ${text(other)}.`);
  }
  return { own: permissions, others: [] };
}

async function othersThan(client: ProxmoxClient, own: readonly Permission[]): Promise<Permission[]> {
  const known = new Set(own.map(text));
  const groups = new Set(own.map(({ group }) => group));
  return (await client.acl())
    .filter(({ type, ugid }) => type === "group" && groups.has(ugid))
    .map(({ ugid, roleid, path }) => ({ group: ugid, role: roleid, path }))
    .filter((entry) => !known.has(text(entry)));
}

function text({ group, role, path }: Permission): string {
  return `${role} on ${path} for ${group}`;
}

/** The server ignores order and duplicates. */
function inOrder(permissions: readonly Permission[]): Permission[] {
  const byText = new Map(permissions.map((each) => [text(each), each]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}

export type { ExclusivePermissionsArgs };

/**
 * Keeps the permissions of groups exactly as listed. A refresh shows a permission given by hand, and an `up` removes
 * it. Deleting this resource changes no permission.
 */
export class ExclusivePermissions extends DefinedResource<typeof inputs, ExclusivePermissionsArgs> {
  constructor(name: string, args: ExclusivePermissionsArgs, options?: pulumi.CustomResourceOptions) {
    super(exclusivePermissionsDefinition, ["own"], name, args, options);
  }
}
