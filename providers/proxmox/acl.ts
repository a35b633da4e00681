import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { ResourceDefinition } from "../core/definition";
import { UserError } from "../core/errors";
import { keyOn } from "../core/ownership";
import { DefinedResource } from "../core/resource";
import { setOf } from "../core/setOf";
import { aclPath, modifyPrivileges } from "./aclPath";
import type { AclArgs } from "./args/acl";
import type { ProxmoxClient } from "./client";
import { connectProxmox, proxmoxConnection } from "./connection";
import { MissingReferenceError } from "./errors";
import { proxmoxName, sorted, userId } from "./names";
import { requireReadAccess, seesAllPermissions } from "./privileges";
import type { AclEntry, Parameters } from "./wire";

/** Proxmox splits lists of users and tokens at commas and semicolons. */
const listed = (item: z.ZodType<string, string>) =>
  item.refine((id) => !/[,;]/.test(id), "may have no comma or semicolon, since Proxmox takes lists of them");

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
type Subjects = Pick<Inputs, "users" | "groups" | "tokens">;

const rights = ["path", "role", "users", "groups", "tokens", "propagate", "groupRevisions"];

export const aclDefinition: ResourceDefinition<typeof inputs, AclEntry[], object, ProxmoxClient> = {
  type: "proxmox:Acl",
  title: "Proxmox permission",
  inputs,
  validate: ({ users, groups, tokens }) =>
    users.length + groups.length + tokens.length > 0
      ? []
      : [{ property: "groups", reason: "name at least one of `groups`, `users` and `tokens`" }],
  ownership: {
    keys: ({ proxmox, path, role, ...subjects }) =>
      [...subjects.users, ...subjects.groups, ...subjects.tokens].map((subject) =>
        keyOf(proxmox, path, role, subject),
      ),
    // An entry consists only of its path, role and subject, so an equal entry is the same one.
    matches: (_entries, _state, isElsewhere) => !isElsewhere,
  },
  rewrittenAfter: ["groupRevisions"],
  replaceOn: [],
  secrets: [],
  id: ({ role, path }) => `${role} on ${path}`,
  connect: ({ proxmox }, credentials) => connectProxmox(proxmox, credentials),

  async find(client, wanted) {
    const remote = await entriesOf(client, wanted);
    if (remote.length === 0) return undefined;
    return {
      remote,
      ours: wanted.subjectsProveOwnership,
      description: `The permission ${wanted.role} on ${wanted.path} for ${remote.map(({ ugid }) => ugid).join(", ")}`,
    };
  },

  async create(client, wanted) {
    await grant(client, wanted);
    return entriesOf(client, wanted);
  },

  async read(client, state) {
    const entries = await entriesOf(client, state);
    if (entries.length > 0) return entries;
    // Without permissions the list is empty, and proves nothing.
    const here = { path: state.path, privileges: modifyPrivileges(state.path) };
    await requireReadAccess(
      client,
      `the permissions on ${state.path}, so their state is unknown`,
      seesAllPermissions,
      here,
    );
    return undefined;
  },

  async update(client, current, wanted, changed, { isKept }) {
    if (rights.some((input) => changed.has(input))) {
      await grant(client, wanted);
      // Revokes after granting, so nobody loses access in between.
      await revoke(client, current, (entry) => !isOneOf(wanted, entry) && !isKept(entryKey(current, entry)));
    }
    return entriesOf(client, wanted);
  },

  delete: (client, state, { isKept }) => revoke(client, state, (entry) => !isKept(entryKey(state, entry))),

  observe: (entries, state) => ({
    path: state.path,
    role: state.role,
    ...subjectsOf(entries),
    propagate: entries.every(({ propagate }) => (propagate === 1) === state.propagate)
      ? state.propagate
      : !state.propagate,
  }),

  outputs: () => ({}),
};

function keyOf(proxmox: Inputs["proxmox"], path: string, role: string, subject: string): string {
  return keyOn(proxmox, path, role, subject);
}

function entryKey({ proxmox }: Inputs, { path, roleid, ugid }: AclEntry): string {
  return keyOf(proxmox, path, roleid, ugid);
}

/** Others may have the same role on the same path. This resource ignores their entries. */
function isOneOf(
  { path, role, users, groups, tokens }: Inputs,
  { path: at, roleid, type, ugid }: AclEntry,
): boolean {
  return at === path && roleid === role && { user: users, group: groups, token: tokens }[type].includes(ugid);
}

async function entriesOf(client: ProxmoxClient, inputs: Inputs): Promise<AclEntry[]> {
  return (await client.acl()).filter((entry) => isOneOf(inputs, entry));
}

function subjectsOf(entries: readonly AclEntry[]): Subjects {
  const ofType = (type: AclEntry["type"]) =>
    sorted(entries.filter((entry) => entry.type === type).map(({ ugid }) => ugid));
  return { users: ofType("user"), groups: ofType("group"), tokens: ofType("token") };
}

function parameters({ users, groups, tokens }: Subjects): Parameters {
  const list = (ids: string[]) => (ids.length > 0 ? ids.join(",") : undefined);
  return { users: list(users), groups: list(groups), tokens: list(tokens) };
}

/** Adds missing entries and sets `propagate` in one write. */
async function grant(client: ProxmoxClient, wanted: Inputs): Promise<void> {
  const { path, role, propagate } = wanted;
  try {
    await client.updateAcl({ path, roles: role, propagate: Number(propagate), ...parameters(wanted) });
  } catch (error) {
    throw error instanceof MissingReferenceError ? await withChoice(client, role, error) : error;
  }
}

/**
 * Removes the entries that exist. Deleting a subject also deletes its entries, and Proxmox refuses unknown
 * subjects.
 */
async function revoke(
  client: ProxmoxClient,
  inputs: Inputs,
  concerns: (entry: AclEntry) => boolean,
): Promise<void> {
  const entries = (await entriesOf(client, inputs)).filter(concerns);
  if (entries.length === 0) return;
  const { path, role } = inputs;
  await client.updateAcl({ path, roles: role, delete: 1, ...parameters(subjectsOf(entries)) });
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
    `${error.message}. Make it first, for instance as a \`Group\` or \`User\` of this program: ` +
      "users of an OpenID realm exist from their first login on.",
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
