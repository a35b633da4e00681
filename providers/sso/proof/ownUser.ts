import { randomBytes } from "node:crypto";
import type { AuthentikClient } from "../../authentik/client";
import { RefusedError } from "../../authentik/errors";
import type { User } from "../../authentik/wire";
import { undefinedIfMissing } from "../../core/gone";
import { SharedReads } from "../../core/sharedReads";

const start = "sso-proof-";
/** Short enough for Proxmox's limit of 64 characters, together with the longest realm name. */
const mailDomain = "x.invalid";
/** After this time authentik deletes the user (authentik/core/tasks.py, `clean_temporary_users`). */
const lifetimeSeconds = 30 * 60;
/** After this time Proxmox refuses the user. It is long, because a node's clock may be wrong. */
const lifetimeOnProxmoxSeconds = 24 * 60 * 60;

/** The users of a Proxmox, whichever product it is. */
export interface UserApi {
  /** Names of all users that the credential can see. */
  userIds(): Promise<string[]>;
  createUser(userId: string, parameters: { comment: string; expire: string }): Promise<void>;
  deleteUser(userId: string): Promise<void>;
}

/** A user of authentik for one proof. Only this process knows its password. */
export class OwnUser {
  readonly #client: AuthentikClient;
  readonly #pk: number;
  readonly username: string;
  readonly email: string;
  readonly password = randomBytes(32).toString("base64url");

  private constructor(client: AuthentikClient, { pk, username, email }: User) {
    this.#client = client;
    this.#pk = pk;
    this.username = username;
    this.email = email;
  }

  /** Creates a user without groups and without a password. */
  static async make(client: AuthentikClient, slug: string, username: string): Promise<OwnUser> {
    const user = await client.users.create({
      username,
      name: username,
      email: mailOf(username),
      path: pathOf(slug),
      attributes: {
        "goauthentik.io/user/generated": true,
        "goauthentik.io/user/expires": Math.floor(Date.now() / 1000) + lifetimeSeconds,
      },
    });
    return new OwnUser(client, user);
  }

  async setPassword(): Promise<void> {
    await this.#client.setPassword(this.#pk, this.password);
  }

  /** Removes the user from every other group. */
  async joinOnly(groups: readonly string[]): Promise<void> {
    await this.#client.users.patch(this.#pk, { groups: [...groups] });
  }

  async isGone(): Promise<boolean> {
    return (await undefinedIfMissing(this.#client.users.get(this.#pk))) === undefined;
  }

  async remove(): Promise<void> {
    await undefinedIfMissing(this.#client.users.delete(this.#pk));
  }
}

export function newName(): string {
  return `${start}${randomBytes(5).toString("hex")}`;
}

export function mailOf(username: string): string {
  return `${username}@${mailDomain}`;
}

const pathOfAll = "proxmox-authentik-sso/proof/";

/** A slug is unique in an authentik, so users of other stacks have another path. */
function pathOf(slug: string): string {
  return `${pathOfAll}${slug}`;
}

/** The users of proofs in each authentik. Proofs that begin together share one list (a filter of the OpenAPI file). */
const usersOfProofs = new WeakMap<AuthentikClient, SharedReads<number, User>>();

function usersAt(client: AuthentikClient, path: string): Promise<User[]> {
  const listed = (query: Record<string, string>) => client.users.list({ ...query, include_groups: "false" });
  const shared =
    usersOfProofs.get(client) ??
    new SharedReads<number, User>({
      one: (pk) => client.users.get(pk),
      all: async () => ({ items: await listed({ path_startswith: pathOfAll }), isWhole: true }),
      keyOf: ({ pk }) => pk,
    });
  usersOfProofs.set(client, shared);
  return shared.readSome(
    path,
    (user) => user.path === path,
    () => listed({ path }),
  );
}

/**
 * Deletes users in authentik that killed proofs of this application left. Returns their names.
 * @param inUse names of users to keep
 */
export async function removeLeftFromAuthentik(
  client: AuthentikClient,
  slug: string,
  inUse: ReadonlySet<string> = new Set(),
): Promise<string[]> {
  const path = pathOf(slug);
  const listed = await usersAt(client, path).catch((error: unknown) => {
    // authentik answers 403 if an account may see only its own users and has none.
    if (error instanceof RefusedError) return [];
    throw error;
  });
  const left = listed.filter(
    (user) => user.path === path && user.username.startsWith(start) && !inUse.has(user.username),
  );
  for (const { pk } of left) await undefinedIfMissing(client.users.delete(pk));
  return left.map(({ username }) => username);
}

/** Creates the user that the login would create, with an expiry in case the proof is killed. */
export function makeOnProxmox(api: UserApi, userId: string): Promise<void> {
  return api.createUser(userId, {
    comment: "made by proxmox-authentik-sso for its proof of login, and removed after it",
    expire: String(Math.floor(Date.now() / 1000) + lifetimeOnProxmoxSeconds),
  });
}

/** Deletes users in this realm that killed proofs left. Returns their names. */
export async function removeLeftFromProxmox(
  api: UserApi,
  realm: string,
  inUse: ReadonlySet<string> = new Set(),
): Promise<string[]> {
  const left = (await api.userIds()).filter((userId) => {
    const name = ownNameIn(userId, realm);
    return name !== undefined && !inUse.has(name);
  });
  for (const userId of left) await undefinedIfMissing(api.deleteUser(userId));
  return left;
}

/** The name in authentik of the proof's user that has this name on Proxmox. Undefined if it is another user. */
function ownNameIn(userId: string, realm: string): string | undefined {
  if (!userId.endsWith(`@${realm}`)) return undefined;
  const name = userId.slice(0, -realm.length - 1).replace(`@${mailDomain}`, "");
  return name.startsWith(start) && /^[0-9a-f]{10}$/.test(name.slice(start.length)) ? name : undefined;
}

export function whatIsLeft(failures: readonly string[]): string {
  return (
    `The proof's user could not be removed: ${failures.join(" ")} Nobody knows its password. ` +
    "The next proof removes it: run pulumi up or npm run verify again."
  );
}
