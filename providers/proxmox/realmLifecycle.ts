import type { z } from "zod";
import type { ResourceDefinition } from "../core/definition";
import { UserError } from "../core/errors";
import { undefinedIfMissing } from "../core/gone";
import { agreeInMost, agreeInOne, keyOn } from "../core/ownership";
import { writeOver } from "./digest";
import { type Parameters, unsetIn } from "./options";

interface RemoteRealm {
  readonly type: string;
  readonly digest?: string;
  readonly "issuer-url"?: string;
  readonly "client-id"?: string;
  readonly "client-key"?: string;
}

interface Inputs {
  readonly proxmox: { readonly url: string };
  readonly realm: string;
  readonly issuerUrl: string;
  readonly clientId: string;
  readonly clientKey?: string | undefined;
  readonly usernameClaim: string;
  readonly clientIdProvesOwnership?: boolean | undefined;
  readonly clientProvesOwnership: boolean;
  readonly usersOnDelete: "keep" | "remove" | "refuse";
}

interface Client<Remote> {
  readonly actingUser: string;
  realm(realm: string): Promise<Remote>;
  createRealm(realm: string, parameters: Parameters): Promise<void>;
  updateRealm(realm: string, parameters: Parameters): Promise<void>;
  userIds(): Promise<string[]>;
}

/** What differs between the products. */
interface Differences<Wanted> {
  /** The product's name in messages. */
  readonly server: string;
  /** Options that the API can change, by their names in the API. */
  readonly options: Readonly<Record<string, string>>;
  parameters(wanted: Wanted, keys: readonly string[]): Parameters;
}

/** What the realms of all products of Proxmox have in common. */
export function realmLifecycle<
  Remote extends RemoteRealm,
  Wanted extends Inputs,
  RealmClient extends Client<Remote>,
>({ server, options, parameters }: Differences<Wanted>) {
  const optionNames = Object.keys(options);
  return {
    ownership: {
      keys: ({ proxmox, realm }) => [keyOn(proxmox, realm)],
      matches: (remote, state) => remote.type === "openid" && isRealmOf(remote, state),
    },
    notCompared: ["clientIdProvesOwnership"],
    replaceOn: ["realm", "usernameClaim"],
    namesAreUnique: true,
    secrets: ["clientKey"],
    id: ({ realm }) => realm,

    async find(client, wanted) {
      const remote = await undefinedIfMissing(client.realm(wanted.realm));
      if (remote === undefined) return undefined;
      if (remote.type !== "openid") {
        throw new UserError(
          `the realm name is taken by a realm of type ${remote.type}. Choose another name.`,
        );
      }
      return {
        remote,
        ours: provesOurs(remote, wanted),
        description: `A realm "${wanted.realm}" with client ID "${remote["client-id"] ?? ""}"`,
      };
    },

    async create(client, wanted) {
      await client.createRealm(wanted.realm, {
        ...parameters(wanted, optionNames),
        "username-claim": wanted.usernameClaim,
      });
      return client.realm(wanted.realm);
    },

    read: (client, { realm }) => undefinedIfMissing(client.realm(realm)),

    async update(client, { realm }, wanted, changed, { remote }) {
      if (changed.has("usernameClaim")) {
        throw new UserError(
          `its username claim is fixed at creation and is not \`${wanted.usernameClaim}\`. ` +
            `Set \`usernameClaim\` to the realm's own, or remove the realm on ${server} and run \`pulumi up\` again.`,
        );
      }
      const keys = optionNames.filter((key) => changed.has(key));
      if (keys.length === 0) return remote;
      return writeOver(
        remote,
        () => client.realm(realm),
        (before) =>
          client.updateRealm(realm, {
            ...parameters(wanted, keys),
            delete: unsetIn(options, wanted, before, keys),
            digest: before.digest,
          }),
      );
    },

    outputs: () => ({}),
  } satisfies Partial<ResourceDefinition<z.ZodObject, Remote, object, RealmClient, Wanted>>;
}

/** Whether an OpenID realm is the one in the state. */
function isRealmOf(remote: RemoteRealm, state: Inputs): boolean {
  const id = [remote["client-id"], state.clientId] as const;
  const key = [remote["client-key"], state.clientKey] as const;
  const issuer = [remote["issuer-url"], state.issuerUrl] as const;
  if (state.clientIdProvesOwnership) return agreeInOne(id, key);
  return agreeInMost(id, key, issuer);
}

/** Whether an interrupted run of this stack created an existing realm. */
function provesOurs(remote: RemoteRealm, wanted: Inputs): boolean {
  const sameId = remote["client-id"] === wanted.clientId;
  if (wanted.clientIdProvesOwnership) return sameId;
  return wanted.clientProvesOwnership && sameId && remote["client-key"] === wanted.clientKey;
}

/**
 * The users of a realm that is about to be deleted.
 * @param requireAllUsers fails if the list may be incomplete: it omits users without an error
 * @throws if the realm must stay
 */
export async function usersOfRealm(
  client: Pick<Client<RemoteRealm>, "actingUser" | "userIds">,
  { realm, usersOnDelete }: Pick<Inputs, "realm" | "usersOnDelete">,
  server: string,
  requireAllUsers: (unseen: string) => Promise<void>,
): Promise<string[]> {
  const isOfRealm = (id: string) => id.endsWith(`@${realm}`);
  if (isOfRealm(client.actingUser)) {
    throw new UserError(
      "this stack's own token belongs to one of its users, and would be deleted with it. Use a token of a user in another realm.",
    );
  }
  if (usersOnDelete !== "keep") {
    await requireAllUsers("the users of the realm, which `usersOnDelete` requires unless it is `keep`");
  }
  const users = (await client.userIds()).filter(isOfRealm).sort();
  if (users.length > 0 && usersOnDelete === "refuse") {
    throw new UserError(
      `it has users: ${users.join(", ")}. Remove them on ${server}, or set \`usersOnDelete\` to \`keep\` or \`remove\` and run \`pulumi up\` first.`,
    );
  }
  return users;
}
