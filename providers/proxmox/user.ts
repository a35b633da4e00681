import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { ResourceDefinition } from "../core/definition";
import { NotFoundError, UserError } from "../core/errors";
import { undefinedIfMissing } from "../core/gone";
import { keyOn } from "../core/ownership";
import { DefinedResource } from "../core/resource";
import { setOf } from "../core/setOf";
import type { UserArgs } from "./args/user";
import type { ProxmoxClient } from "./client";
import { connectProxmox, proxmoxConnection } from "./connection";
import { MissingReferenceError } from "./errors";
import { instant } from "./instant";
import { proxmoxName, sorted, userId } from "./names";
import { adviceToMark, bearsMark, ownershipMark, readComment, storedComment } from "./ownershipMark";
import { tellWhatGoesToo } from "./removal";
import type { Parameters, User as Remote } from "./wire";

const inputs = z.object({
  proxmox: proxmoxConnection,
  /** `name@realm`. The name must equal the value of the realm's username claim. It is case-sensitive. */
  userId,
  /** All groups of the user. Without this option they stay unchanged, and logins with a groups claim may set them. */
  groups: setOf(proxmoxName).optional(),
  /** Revisions of the groups. A replaced group loses its members, and this resource adds the user again. */
  groupRevisions: z.array(z.string()).optional(),
  /** Whether the user may log in. */
  enabled: z.boolean().default(true),
  /**
   * End of the user's access: a day (its start, in UTC) or a time, e.g. `2027-06-30` or `2027-06-30T18:00:00+02:00`.
   */
  expires: z
    .union([z.iso.date(), z.iso.datetime({ offset: true })], {
      error: "must be a day or an instant, e.g. 2027-06-30 or 2027-06-30T18:00:00Z",
    })
    .transform((text) => instant(Date.parse(text)))
    .optional(),
  /** Shown in the list of users. At most 2048 characters, including the ownership mark. */
  comment: z.string().trim().min(1).max(1950).optional(),
  /** Address for Proxmox's notifications. */
  email: z.email("must be an email address").max(254).optional(),
  /** First name, at most 1024 characters. */
  firstName: z.string().trim().min(1).max(1024).optional(),
  /** Last name, at most 1024 characters. */
  lastName: z.string().trim().min(1).max(1024).optional(),
  /** Random value in the comment. It proves that an existing user belongs to the stack. */
  ownershipMark: ownershipMark.optional(),
  /** Take over a user that exists already. */
  adopt: z.boolean().default(false),
});

type Inputs = z.output<typeof inputs>;

export const userDefinition: ResourceDefinition<typeof inputs, Remote, object, ProxmoxClient> = {
  type: "proxmox:User",
  title: "Proxmox user",
  inputs,
  ownership: {
    keys: ({ proxmox, userId: id }) => [keyOn(proxmox, id)],
    matches: ({ comment }, state, isElsewhere) =>
      bearsMark(comment, state) && !(isElsewhere && state.ownershipMark === undefined),
  },
  replaceOn: ["userId"],
  rewrittenAfter: ["groupRevisions"],
  namesAreUnique: true,
  secrets: [],
  id: (wanted) => wanted.userId,
  connect: ({ proxmox }, credentials) => connectProxmox(proxmox, credentials),

  async find(client, wanted) {
    const remote = await client.user(wanted.userId);
    if (remote === undefined) return undefined;
    const { ownershipMark: mark } = readComment(remote.comment);
    return {
      remote,
      ours: mark !== undefined && mark === wanted.ownershipMark,
      description: `A user "${wanted.userId}"`,
      advice: mark === undefined ? adviceToMark(`pveum user modify '${wanted.userId}'`, wanted) : undefined,
    };
  },

  async create(client, wanted) {
    await withGroups(client, client.createUser(wanted.userId, parameters(wanted)));
    return existing(client, wanted.userId);
  },

  read: (client, state) => client.user(state.userId),

  async update(client, _current, wanted, changed) {
    if ([...changed].some((input) => input !== "proxmox")) {
      await withGroups(client, client.updateUser(wanted.userId, parameters(wanted)));
    }
    return existing(client, wanted.userId);
  },

  async delete(client, state) {
    if (client.actingUser === state.userId) {
      throw new UserError(
        "this stack's own token belongs to it, and would be deleted with it. Use a token of another user, or remove the user by hand.",
      );
    }
    const isOfUser = (id: string) => id === state.userId || id.startsWith(`${state.userId}!`);
    await tellWhatGoesToo(
      client,
      `User ${state.userId}`,
      ({ type, ugid }) => type !== "group" && isOfUser(ugid),
    );
    await undefinedIfMissing(client.deleteUser(state.userId));
  },

  observe: ({ enable, expire, comment, email, firstname, lastname, groups }, state) => ({
    ...(state.groups && { groups: sorted(groups) }),
    enabled: enable === 1,
    expires: expire ? instant(expire * 1000) : undefined,
    ...readComment(comment),
    email: email || undefined,
    firstName: firstname,
    lastName: lastname,
  }),

  outputs: () => ({}),
};

/** All parameters in every write, because the API clears a field by an empty value. */
function parameters(wanted: Inputs): Parameters {
  return {
    groups: wanted.groups?.join(","),
    enable: Number(wanted.enabled),
    expire: wanted.expires === undefined ? 0 : Date.parse(wanted.expires) / 1000,
    comment: storedComment(wanted),
    email: wanted.email ?? "",
    firstname: wanted.firstName ?? "",
    lastname: wanted.lastName ?? "",
  };
}

async function withGroups(client: ProxmoxClient, write: Promise<void>): Promise<void> {
  try {
    await write;
  } catch (error) {
    if (!(error instanceof MissingReferenceError)) throw error;
    const names = sorted((await client.groups()).map(({ groupid }) => groupid));
    throw new UserError(`${error.message}. It has ${names.length > 0 ? names.join(", ") : "no groups"}.`, {
      cause: error,
    });
  }
}

async function existing(client: ProxmoxClient, id: string): Promise<Remote> {
  const remote = await client.user(id);
  if (remote === undefined) throw new NotFoundError(`Proxmox has no user "${id}".`);
  return remote;
}

export type { UserArgs };

/** A user of Proxmox VE (`/access/users`) without a password, created before its first login. */
export class User extends DefinedResource<typeof inputs, UserArgs> {
  declare readonly userId: pulumi.Output<string>;

  constructor(name: string, args: UserArgs, options?: pulumi.CustomResourceOptions) {
    super(userDefinition, [], name, args, options);
  }
}
