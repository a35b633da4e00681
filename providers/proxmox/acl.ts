import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { ResourceDefinition } from "../core/definition";
import { UserError } from "../core/errors";
import { DefinedResource } from "../core/resource";
import { setOf } from "../core/setOf";
import { aclLifecycle } from "./aclLifecycle";
import { aclPath, modifyPrivileges } from "./aclPath";
import type { AclArgs } from "./args/acl";
import type { ProxmoxClient } from "./client";
import { connectProxmox, proxmoxConnection } from "./connection";
import { MissingReferenceError } from "./errors";
import { proxmoxName, sorted, userId } from "./names";
import { requireReadAccess, seesAllPermissions } from "./privileges";
import type { AclEntry } from "./wire";

/** Proxmox splits lists of users and tokens at commas and semicolons. */
const listed = (item: z.ZodType<string, string>) =>
  item.refine(
    (id) => !/[,;]/.test(id),
    "must have no comma or semicolon, because Proxmox splits the value there",
  );

const tokenId = z
  .string()
  .regex(/^[^\s:/]+@[A-Za-z][A-Za-z0-9.\-_]+![A-Za-z][A-Za-z0-9.\-_]+$/, "must be name@realm!token");

const inputs = z.object({
  proxmox: proxmoxConnection,
  /**
   * `/`, `/vms`, `/vms/100`, `/storage/local` and so on (pve-access-control, PVE/AccessControl.pm, `check_path`). A
   * change grants the new permission before it revokes the old one.
   */
  path: aclPath,
  /** The role: built in, or created, for example by a `Role`. */
  role: proxmoxName,
  /** Users, `name@realm`. */
  users: setOf(listed(userId)).default([]),
  /** Groups that exist. At least one user, group or token is required. */
  groups: setOf(proxmoxName).default([]),
  /** API tokens, `name@realm!token`. */
  tokens: setOf(listed(tokenId)).default([]),
  /** Whether the role also applies below the path. */
  propagate: z.boolean().default(true),
  /**
   * Revisions of the groups and of the role. If one is replaced, its permissions are lost, and this resource grants
   * them again.
   */
  groupRevisions: z.array(z.string()).optional(),
  /**
   * Whether all users, groups and tokens listed here belong to this stack. Their permissions then belong to it too.
   */
  subjectsProveOwnership: z.boolean().default(false),
  /** Take over permissions that exist already. */
  adopt: z.boolean().default(false),
});

type Inputs = z.output<typeof inputs>;

/** The input with the subjects of each type. */
const listOf = { user: "users", group: "groups", token: "tokens" } as const;

export const aclDefinition: ResourceDefinition<typeof inputs, AclEntry[], object, ProxmoxClient> = {
  ...aclLifecycle<AclEntry, Inputs, ProxmoxClient>({
    subjectInputs: ["users", "groups", "tokens", "groupRevisions"],
    subjectsOf: ({ users, groups, tokens }) => [...users, ...groups, ...tokens],
    lists: (wanted, { type, ugid }) => wanted[listOf[type]].includes(ugid),
    observeSubjects,
    grant,
    /** One write. Deleting a subject also deletes its entries, and Proxmox refuses unknown subjects. */
    revoke: (client, entries, { path, role }) =>
      client.updateAcl({ path, roles: role, delete: 1, ...observeSubjects(entries) }),
    requireReadAccess: (client, { path }, unseen) =>
      requireReadAccess(client, unseen, seesAllPermissions, { path, privileges: modifyPrivileges(path) }),
  }),
  type: "proxmox:Acl",
  title: "Proxmox permission",
  inputs,
  validate: ({ users, groups, tokens }) =>
    users.length + groups.length + tokens.length > 0
      ? []
      : [{ property: "groups", reason: "name at least one of `groups`, `users` and `tokens`" }],
  rewrittenAfter: ["groupRevisions"],
  connect: ({ proxmox }, credentials) => connectProxmox(proxmox, credentials),
};

function observeSubjects(entries: readonly AclEntry[]): Pick<Inputs, "users" | "groups" | "tokens"> {
  const ofType = (type: AclEntry["type"]) =>
    sorted(entries.filter((entry) => entry.type === type).map(({ ugid }) => ugid));
  return { users: ofType("user"), groups: ofType("group"), tokens: ofType("token") };
}

/** One write. */
async function grant(
  client: ProxmoxClient,
  { path, role, propagate, users, groups, tokens }: Inputs,
): Promise<void> {
  try {
    await client.updateAcl({ path, roles: role, propagate, users, groups, tokens });
  } catch (error) {
    throw error instanceof MissingReferenceError ? await withChoice(client, role, error) : error;
  }
}

async function withChoice(
  client: ProxmoxClient,
  role: string,
  error: MissingReferenceError,
): Promise<UserError> {
  const roles = sorted((await client.roles()).map(({ roleid }) => roleid));
  if (!roles.includes(role)) {
    return new UserError(`Proxmox has no role "${role}". It has ${roles.join(", ")}.`, { cause: error });
  }
  return new UserError(
    `${error.message}. Make it first, for instance as a \`Group\` or \`User\` of this program. ` +
      "Users of an OpenID realm exist after their first login.",
    { cause: error },
  );
}

export type { AclArgs };

/** The permissions of users, groups and API tokens of Proxmox VE on a path (`/access/acl`). */
export class Acl extends DefinedResource<typeof inputs, AclArgs> {
  declare readonly path: pulumi.Output<string>;
  declare readonly role: pulumi.Output<string>;

  constructor(name: string, args: AclArgs, options?: pulumi.CustomResourceOptions) {
    super(aclDefinition, [], name, args, options);
  }
}
