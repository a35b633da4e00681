import { z } from "zod";
import type { ResourceDefinition } from "../core/definition";
import { NotFoundError, UserError } from "../core/errors";
import { keyOn } from "../core/ownership";
import { instant } from "../proxmox/instant";
import { bearsMark, ownershipMark, readComment, storedComment } from "../proxmox/ownershipMark";
import type { AccessControlClient } from "./client";
import { accessControlConnection, connectAccessControl } from "./connection";
import { createUser } from "./creation";
import { longestComment, oneLine, userId } from "./names";
import type { Product } from "./product";
import { removeUser } from "./removal";
import type { Parameters, User as Remote } from "./wire";

const properName = oneLine.min(2).max(64);

export const userInputs = z.object({
  proxmox: accessControlConnection,
  /**
   * `name@realm`. The name must equal the value of the realm's username claim. It is case-sensitive, and the realm must
   * exist.
   */
  userId,
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
  /** Shown in the list of users. At most 128 characters, including the ownership mark. */
  comment: oneLine.min(1).optional(),
  /** Address for the server's notifications. */
  email: z.email("must be an email address").max(64).optional(),
  /** First name. */
  firstName: properName.optional(),
  /** Last name. */
  lastName: properName.optional(),
  /** Random value in the comment. It proves that an existing user belongs to the stack. */
  ownershipMark: ownershipMark.optional(),
  /** Take over a user that exists already. */
  adopt: z.boolean().default(false),
});

type Inputs = z.output<typeof userInputs>;

/** Options that the API deletes by name, with these names. */
const removable = {
  comment: "comment",
  email: "email",
  firstName: "firstname",
  lastName: "lastname",
} as const;

export function userOf(
  product: Product,
): ResourceDefinition<typeof userInputs, Remote, object, AccessControlClient> {
  return {
    type: `${product.module}:User`,
    title: `${product.shortName} user`,
    inputs: userInputs,
    validate: (given) =>
      storedComment(given).length <= longestComment
        ? []
        : [
            {
              property: "comment",
              reason: `has with its ownership mark more than the ${longestComment} characters that the server takes: shorten it`,
            },
          ],
    ownership: {
      keys: ({ proxmox, userId: id }) => [keyOn(proxmox, id)],
      matches: ({ comment }, state, isElsewhere) =>
        bearsMark(comment, state) && !(isElsewhere && state.ownershipMark === undefined),
    },
    replaceOn: ["userId"],
    namesAreUnique: true,
    secrets: [],
    id: (wanted) => wanted.userId,
    connect: ({ proxmox }, credentials) => connectAccessControl(product, proxmox, credentials),

    async find(client, wanted) {
      const remote = await client.user(wanted.userId);
      if (remote === undefined) return undefined;
      const { ownershipMark: mark } = readComment(remote.comment);
      return {
        remote,
        ours: mark !== undefined && mark === wanted.ownershipMark,
        description: `A user "${wanted.userId}"`,
      };
    },

    async create(client, wanted) {
      await createUser(client, wanted.userId, parameters(wanted));
      return existing(client, wanted.userId);
    },

    read: (client, state) => client.user(state.userId),

    async update(client, _current, wanted, changed, { remote }) {
      if ([...changed].some((input) => input !== "proxmox")) {
        await client.updateUser(wanted.userId, { ...parameters(wanted), delete: removed(wanted, remote) });
      }
      return existing(client, wanted.userId);
    },

    async delete(client, state) {
      if (client.actingUser === state.userId) {
        throw new UserError(
          "this stack's own token belongs to it, and would be deleted with it. Use a token of another user, or remove the user by hand.",
        );
      }
      await removeUser(client, state.userId);
    },

    observe: ({ enable = true, expire, comment, email, firstname, lastname }) => ({
      enabled: enable,
      expires: expire ? instant(expire * 1000) : undefined,
      ...readComment(comment),
      email,
      firstName: firstname,
      lastName: lastname,
    }),

    outputs: () => ({}),
  };
}

function parameters(wanted: Inputs): Parameters {
  return {
    enable: wanted.enabled,
    expire: wanted.expires === undefined ? 0 : Date.parse(wanted.expires) / 1000,
    comment: storedComment(wanted) || undefined,
    email: wanted.email,
    firstname: wanted.firstName,
    lastname: wanted.lastName,
  };
}

function removed(wanted: Inputs, before: Remote): string[] {
  const unwanted = { ...wanted, comment: storedComment(wanted) || undefined };
  return Object.entries(removable)
    .filter(
      ([input, name]) =>
        unwanted[input as keyof typeof removable] === undefined && before[name] !== undefined,
    )
    .map(([, name]) => name);
}

async function existing(client: AccessControlClient, id: string): Promise<Remote> {
  const remote = await client.user(id);
  if (remote === undefined) throw new NotFoundError(`${client.product.name} has no user "${id}".`);
  return remote;
}
