import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { ResourceDefinition } from "../core/definition";
import { NotFoundError, UserError } from "../core/errors";
import { undefinedIfMissing } from "../core/gone";
import { keyOn } from "../core/ownership";
import { DefinedResource } from "../core/resource";
import { setOf } from "../core/setOf";
import type { RoleArgs } from "./args/role";
import type { ProxmoxClient } from "./client";
import { connectProxmox, proxmoxConnection } from "./connection";
import { InvalidPrivilegeError } from "./errors";
import { proxmoxName, sorted } from "./names";
import { ownershipMark, readComment } from "./ownershipMark";
import { inWords, reportCascades } from "./removal";
import type { AclEntry, Role as Remote } from "./wire";

const privilege = z
  .string()
  .regex(/^[A-Z][A-Za-z]*(\.[A-Z][A-Za-z]*)+$/, "must be a privilege, e.g. VM.Audit or Sys.PowerMgmt");

const inputs = z.object({
  proxmox: proxmoxConnection,
  /** The name, of letters, digits, `.`, `-` and `_` only (PVE/AccessControl.pm). */
  role: proxmoxName
    .refine((name) => !/^PVE/i.test(name), "must not begin with PVE, which Proxmox keeps for its own roles")
    .refine(
      (name) => name !== "Administrator" && name !== "NoAccess",
      "is one of Proxmox's own roles: choose another name",
    ),
  /** The privileges, e.g. `VM.Audit`. They differ between versions of Proxmox VE. */
  privileges: setOf(privilege),
  /** Whether a resource of this stack has made the role, according to the state. The resource may have another name. */
  madeByStack: z.boolean().optional(),
  /**
   * Random value in the comments of this stack's groups and users. With it, a role whose privileges are mostly others belongs
   * to the stack only if one of these has it, and a delete leaves a role that others use.
   */
  ownershipMark: ownershipMark.optional(),
  /** Take over a role that exists already. */
  adopt: z.boolean().default(false),
});

/** Proxmox stores nothing that identifies a role's owner. An existing equal role is used, and kept at a delete. */
interface Found {
  readonly role: Remote;
  readonly reused: boolean;
  /** Whether most privileges are others, and no subject of this stack has the role. */
  readonly isAnother?: boolean;
}

export const roleDefinition: ResourceDefinition<typeof inputs, Found, { reused?: boolean }, ProxmoxClient> = {
  type: "proxmox:Role",
  title: "Proxmox role",
  inputs,
  ownership: {
    keys: ({ proxmox, role }) => [keyOn(proxmox, role)],
    matches: ({ isAnother }, _state, isElsewhere) => !isElsewhere && !isAnother,
  },
  notCompared: ["madeByStack"],
  comparedOnceRecorded: ["ownershipMark"],
  replaceOn: ["role"],
  namesAreUnique: true,
  secrets: [],
  id: ({ role }) => role,
  connect: ({ proxmox }, credentials) => connectProxmox(proxmox, credentials),

  async find(client, wanted) {
    const role = await roleOf(client, wanted.role);
    if (role === undefined) return undefined;
    const isEqual = privilegesOf(role).join() === wanted.privileges.join();
    return {
      remote: { role, reused: isEqual && !wanted.adopt && !wanted.madeByStack },
      ours: isEqual,
      description: `A role "${wanted.role}"`,
    };
  },

  async create(client, { role, privileges }) {
    await withChoice(client, client.createRole(role, privileges.join(",")));
    return { role: await existing(client, role), reused: false };
  },

  async read(client, state) {
    const role = await roleOf(client, state.role);
    if (role === undefined) return undefined;
    const isAnother =
      state.ownershipMark !== undefined &&
      !agreeInHalf(privilegesOf(role), state.privileges) &&
      !(await holdersOf(client, state)).hasOurs;
    return { role, reused: state.reused ?? false, isAnother };
  },

  async update(client, current, { role, privileges }, changed) {
    if (current.reused)
      throw new NotFoundError("a role of somebody else is not changed, but looked for again");
    if (changed.has("privileges")) {
      await withChoice(client, client.updateRole(role, privileges.join(",")));
    }
    return { role: await existing(client, role), reused: false };
  },

  async delete(client, state) {
    const { role, reused, ownershipMark: mark } = state;
    const others = mark === undefined || reused ? [] : (await holdersOf(client, state)).others;
    if (others.length > 0) {
      console.log(
        `The role ${role} stays, because others use it: ${inWords(others)}. To remove it: pveum role delete ${role}.`,
      );
      return;
    }
    if (reused) {
      console.log(`The role ${role} stays: it existed before. To remove it: pveum role delete ${role}.`);
      return;
    }
    await reportCascades(client, `Role ${role}`, ({ roleid }) => roleid === role);
    await undefinedIfMissing(client.deleteRole(role));
  },

  observe: ({ role }) => ({ privileges: privilegesOf(role) }),
  outputs: ({ reused }) => (reused ? { reused } : {}),
};

/** Who has the role: subjects of this stack, by the mark in their comments, and others. */
async function holdersOf(
  client: ProxmoxClient,
  { role, ownershipMark: mark }: { role: string; ownershipMark?: string | undefined },
): Promise<{ hasOurs: boolean; others: readonly AclEntry[] }> {
  const entriesNow = async () => (await client.acl()).filter(({ roleid }) => roleid === role);
  if ((await entriesNow()).length === 0) return { hasOurs: false, others: [] };
  const [groups, users] = await Promise.all([client.groups(), client.users()]);
  const isOurs = ({ comment }: { comment?: string }) => readComment(comment).ownershipMark === mark;
  const ours = new Set([
    ...groups.filter(isOurs).map(({ groupid }) => groupid),
    ...users.filter(isOurs).map(({ userid }) => userid),
  ]);
  // Asked again: a destroy may have deleted a group of this stack, with its entries, at the same time.
  const entries = await entriesNow();
  const others = entries.filter(({ ugid }) => !ours.has(ugid));
  return { hasOurs: others.length < entries.length, others };
}

/** A person may have changed some privileges by hand. A role that shares few of them was made by somebody else. */
function agreeInHalf(stored: readonly string[], known: readonly string[]): boolean {
  const shared = stored.filter((privilege) => known.includes(privilege));
  return 2 * shared.length >= Math.max(stored.length, known.length);
}

async function roleOf(client: ProxmoxClient, role: string): Promise<Remote | undefined> {
  return (await client.roles()).find(({ roleid }) => roleid === role);
}

async function existing(client: ProxmoxClient, role: string): Promise<Remote> {
  const remote = await roleOf(client, role);
  if (remote === undefined) throw new NotFoundError(`Proxmox has no role "${role}".`);
  return remote;
}

function privilegesOf({ privs }: Remote): string[] {
  return sorted(privs.split(",").filter((name) => name !== ""));
}

/** Adds the valid privileges to the message: those of the role Administrator, which has all. */
async function withChoice(client: ProxmoxClient, write: Promise<void>): Promise<void> {
  try {
    await write;
  } catch (error) {
    const all = error instanceof InvalidPrivilegeError && (await roleOf(client, "Administrator"));
    if (!all) throw error;
    throw new UserError(`${error.message} This Proxmox has ${privilegesOf(all).join(", ")}.`, {
      cause: error,
    });
  }
}

export type { RoleArgs };

/** A custom role of Proxmox VE (`/access/roles`). */
export class Role extends DefinedResource<typeof inputs, RoleArgs> {
  declare readonly role: pulumi.Output<string>;

  constructor(name: string, args: RoleArgs, options?: pulumi.CustomResourceOptions) {
    super(roleDefinition, ["reused"], name, args, options);
  }
}
