import { z } from "zod";
import type { ResourceDefinition } from "../core/definition";
import { RejectedError, UserError } from "../core/errors";
import { keyOn } from "../core/ownership";
import { setOf } from "../core/setOf";
import { ownershipMark, readComment, storedComment } from "../proxmox/ownershipMark";
import type { AccessControlClient } from "./client";
import { accessControlConnection, connectAccessControl } from "./connection";
import { createUser } from "./creation";
import { safeName, userId } from "./names";
import type { Product } from "./product";
import { removeUser } from "./removal";
import type { User as Remote } from "./wire";

export const usersInputs = z.object({
  proxmox: accessControlConnection,
  /** The realm of all users. It must exist. A change replaces them. */
  realm: z.string().regex(safeName, "must be the name of a realm"),
  /** All users, `name@realm`. Users that exist already are used unchanged, and stay when they leave this list. */
  users: setOf(userId),
  /** Random value in the comment of each user that this resource creates. It deletes only users with this value. */
  ownershipMark,
});

type Inputs = z.output<typeof usersInputs>;

export function usersOf(
  product: Product,
): ResourceDefinition<typeof usersInputs, readonly Remote[], object, AccessControlClient> {
  return {
    type: `${product.module}:Users`,
    title: `list of the users of ${product.shortName}`,
    inputs: usersInputs,
    validate: ({ users, realm }) =>
      users
        .filter((user) => !user.endsWith(`@${realm}`))
        .map((user) => ({ property: "users", reason: `has "${user}", who is not in the realm "${realm}"` })),
    ownership: {
      keys: ({ proxmox, users }) => users.map((user) => keyOn(proxmox, user)),
      // Each user proves itself: the mark is random.
      matches: () => true,
    },
    replaceOn: ["realm"],
    secrets: [],
    id: ({ realm }) => realm,
    connect: ({ proxmox }, credentials) => connectAccessControl(product, proxmox, credentials),

    async find(client, wanted) {
      const remote = await existing(client, wanted.users);
      const foreign = remote.filter((user) => isOfAnother(user, wanted)).map(({ userid }) => userid);
      if (remote.length === 0) return undefined;
      return {
        remote,
        ours: foreign.length === 0,
        description: `A user "${foreign.join('", "')}" with the mark of another stack`,
        advice: "Remove the user from one of the two stacks.",
      };
    },

    create: bringTo,

    async read(client, state) {
      const remote = await existing(client, state.users);
      if (remote.length < state.users.length) await client.requireReadAccess("users", "all users");
      return remote;
    },

    async update(client, current, wanted, _changed, { isKept }) {
      if (current.ownershipMark !== wanted.ownershipMark) await markAgain(client, current, wanted);
      const remote = await bringTo(client, wanted);
      const left = current.users.filter((user) => !wanted.users.includes(user));
      await remove(client, { ...wanted, users: left }, isKept);
      return remote;
    },

    delete: (client, state, { isKept }) => remove(client, state, isKept),
    observe: (remote) => ({ users: remote.map(({ userid }) => userid).sort() }),
    outputs: () => ({}),
  };
}

async function existing(client: AccessControlClient, users: readonly string[]): Promise<Remote[]> {
  const found = await Promise.all(users.map((user) => client.user(user)));
  return found.flatMap((user) => user ?? []);
}

function isOfAnother({ comment }: Remote, { ownershipMark: own }: Inputs): boolean {
  const { ownershipMark: mark } = readComment(comment);
  return mark !== undefined && mark !== own;
}

/** Creates missing users. Others stay as they are: somebody may have disabled one. */
async function bringTo(client: AccessControlClient, wanted: Inputs): Promise<Remote[]> {
  const known = new Set((await existing(client, wanted.users)).map(({ userid }) => userid));
  for (const user of wanted.users.filter((user) => !known.has(user))) {
    try {
      await createUser(client, user, { comment: storedComment(wanted) });
    } catch (error) {
      // The first login of the user can create it at the same time.
      const isThere = error instanceof RejectedError && (await client.user(user)) !== undefined;
      if (!isThere) throw error;
    }
  }
  return existing(client, wanted.users);
}

async function markAgain(client: AccessControlClient, current: Inputs, wanted: Inputs): Promise<void> {
  for (const { userid, comment } of await existing(client, current.users)) {
    if (readComment(comment).ownershipMark !== current.ownershipMark) continue;
    await client.updateUser(userid, { comment: storedComment(wanted) });
  }
}

async function remove(
  client: AccessControlClient,
  { proxmox, users, ownershipMark: own }: Inputs,
  isKept: (key: string) => boolean,
): Promise<void> {
  for (const user of await existing(client, users)) {
    const isOurs = readComment(user.comment).ownershipMark === own;
    if (!isOurs || isKept(keyOn(proxmox, user.userid))) continue;
    if (client.actingUser === user.userid) {
      throw new UserError(
        `this stack's own token belongs to ${user.userid}, and would be deleted with it. Use a token of another user.`,
      );
    }
    await removeUser(client, user.userid);
  }
}
