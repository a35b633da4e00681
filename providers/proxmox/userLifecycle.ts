import { z } from "zod";
import type { ResourceDefinition } from "../core/definition";
import { NotFoundError, UserError } from "../core/errors";
import { instant } from "./instant";
import { foundByMark, type Marked, ownedByMark } from "./ownershipMark";

/** The end of a user's access. */
export const expiry = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })], {
    error: "must be a day or a time, e.g. 2027-06-30 or 2027-06-30T18:00:00Z",
  })
  .transform((text) => instant(Date.parse(text)));

/** Seconds since 1970, as the API stores the end. 0: never. */
export function storedExpiry(expires: string | undefined): number {
  return expires === undefined ? 0 : Date.parse(expires) / 1000;
}

export function readExpiry(expire: number | undefined): string | undefined {
  return expire ? instant(expire * 1000) : undefined;
}

interface Inputs extends Marked {
  readonly proxmox: { readonly url: string };
  readonly userId: string;
}

interface Client<Remote> {
  readonly actingUser: string;
  user(userid: string): Promise<Remote | undefined>;
}

/** What differs between the products. */
interface Differences<Remote, Wanted, UserClient> {
  /** The product's name in messages. */
  readonly server: string;
  /** The command that changes a user on the server, if there is one. */
  commandOf?(userId: string): string;
  create(client: UserClient, wanted: Wanted): Promise<void>;
  update(client: UserClient, wanted: Wanted, before: Remote): Promise<void>;
  /** Deletes the user with its permissions. */
  remove(client: UserClient, userId: string): Promise<void>;
}

/** What the users of all products of Proxmox have in common. */
export function userLifecycle<
  Remote extends { readonly comment?: string },
  Wanted extends Inputs,
  UserClient extends Client<Remote>,
>({ server, commandOf, ...product }: Differences<Remote, Wanted, UserClient>) {
  async function existing(client: UserClient, { userId }: Wanted): Promise<Remote> {
    const remote = await client.user(userId);
    if (remote === undefined) throw new NotFoundError(`${server} has no user "${userId}".`);
    return remote;
  }

  return {
    ownership: ownedByMark(({ userId }) => userId),
    replaceOn: ["userId"],
    namesAreUnique: true,
    secrets: [],
    id: ({ userId }) => userId,

    async find(client, wanted) {
      const { userId } = wanted;
      const remote = await client.user(userId);
      return remote && foundByMark(remote, wanted, `A user "${userId}"`, commandOf?.(userId));
    },

    async create(client, wanted) {
      await product.create(client, wanted);
      return existing(client, wanted);
    },

    read: (client, { userId }) => client.user(userId),

    async update(client, _current, wanted, changed, { remote }) {
      if ([...changed].some((input) => input !== "proxmox")) await product.update(client, wanted, remote);
      return existing(client, wanted);
    },

    async delete(client, { userId }) {
      if (client.actingUser === userId) {
        throw new UserError(
          "this stack's own token belongs to it, and would be deleted with it. Use a token of another user, or remove the user by hand.",
        );
      }
      await product.remove(client, userId);
    },

    outputs: () => ({}),
  } satisfies Partial<ResourceDefinition<z.ZodObject, Remote, object, UserClient, Wanted>>;
}
