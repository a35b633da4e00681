import { z } from "zod";
import type { ResourceDefinition } from "../core/definition";
import { UserError } from "../core/errors";
import { undefinedIfMissing } from "../core/gone";
import { oncePerClient } from "../core/once";
import { keyOn } from "../core/ownership";
import { writeOver } from "../proxmox/digest";
import { isRealmOf, provesOurs } from "../proxmox/realmProof";
import type { AccessControlClient } from "./client";
import { accessControlConnection, connectAccessControl } from "./connection";
import { longestComment, oneLine, safeName } from "./names";
import { observe, optionNames, parameters, removed } from "./openIdRealmWire";
import type { Product } from "./product";
import { removeUser } from "./removal";
import type { Realm } from "./wire";

/** Lists that the crate proxmox-openid accepts. */
const safeList = z
  .string()
  .trim()
  .min(1)
  .regex(/^[^\p{Cc} <>#"]+(?: [^\p{Cc} <>#"]+)*$/u, 'may have no `<`, `>`, `#` or `"`');

export const realmInputs = z.object({
  proxmox: accessControlConnection,
  /** Name of the realm, the part after `@` in its users' names. Case-sensitive. */
  realm: z
    .string()
    .regex(safeName, "must start with a letter, a digit or `_` and have only these, `.` and `-`")
    .min(2)
    .max(32)
    .refine(
      (name) => !["pam", "pbs", "pdm"].includes(name),
      "is taken by Proxmox itself: choose another than pam, pbs and pdm",
    ),
  /** Compared byte by byte with the issuer in authentik's discovery document, the trailing slash included. */
  issuerUrl: oneLine.min(1, "must not be empty"),
  /** The OAuth2 client ID. */
  clientId: oneLine.min(1, "must not be empty"),
  /** The OAuth2 client secret. A public client has none. */
  clientKey: oneLine.min(1).optional(),
  /**
   * The claim that becomes the user name. The server's own default, `sub`, cannot work with authentik's default subject
   * (68 characters, and 64 are allowed). A change replaces the realm. User names may change with the claim, and
   * permissions of the old names then no longer apply.
   */
  usernameClaim: z
    .string()
    .max(64)
    .regex(safeName, "may have only letters, digits, `.`, `_` and `-`")
    .default("username"),
  /** Create users at their first login. They may do nothing until a permission names them. */
  autocreate: z.boolean().default(true),
  /** Preselect this realm on the login page. The server clears this option on the other realms. */
  default: z.boolean().default(false),
  /** Shown in the login page's list of realms. */
  comment: oneLine.min(1).max(longestComment).optional(),
  /** Scopes to request in addition to `openid`, separated by spaces. @default the server's `email profile` */
  scopes: oneLine.min(1).optional(),
  /** OpenID `prompt`: none, login, consent, select_account. */
  prompt: z.string().trim().regex(safeName, "must be one word").optional(),
  /** Authentication Context Class References to request, separated by spaces. */
  acrValues: safeList.optional(),
  /**
   * Audiences to accept in addition to the client ID, separated by spaces. Backup Server 4.2 and later. Datacenter Manager
   * 1.0 and later.
   */
  audiences: safeList.optional(),
  /**
   * What happens to the realm's users if it is deleted or replaced. `keep`: they stay with their permissions but cannot log
   * in, and a new realm of this name brings them back. `remove`: they are removed with their permissions. `refuse`: the
   * realm is not deleted while it has users. The value of the last `up` applies.
   */
  usersOnDelete: z.enum(["keep", "remove", "refuse"]).default("keep"),
  /**
   * Whether client ID and client key prove that an existing realm belongs to the stack: they are random and unique.
   */
  clientProvesOwnership: z.boolean().default(false),
  /** Whether the client ID alone proves ownership: it is random and unique. */
  clientIdProvesOwnership: z.boolean().optional(),
  /** Take over a realm that exists already. */
  adopt: z.boolean().default(false),
});

export type RealmInputs = z.output<typeof realmInputs>;

const askVersion = oncePerClient((client: AccessControlClient) => client.version());

export function openIdRealmOf(
  product: Product,
): ResourceDefinition<typeof realmInputs, Realm, object, AccessControlClient> {
  return {
    type: `${product.module}:OpenIdRealm`,
    title: `${product.shortName} realm`,
    inputs: realmInputs,
    ownership: {
      keys: ({ proxmox, realm }) => [keyOn(proxmox, realm)],
      matches: (remote, state) => remote.type === undefined && isRealmOf(remote, state),
    },
    notCompared: ["clientIdProvesOwnership"],
    replaceOn: ["realm", "usernameClaim"],
    namesAreUnique: true,
    secrets: ["clientKey"],
    versions: { server: product.shortName, since: product.realmVersions, ask: askVersion },
    id: ({ realm }) => realm,
    connect: ({ proxmox }, credentials) => connectAccessControl(product, proxmox, credentials),

    async find(client, wanted) {
      const remote = await undefinedIfMissing(client.realm(wanted.realm));
      if (remote === undefined) return undefined;
      if (remote.type !== undefined) {
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

    read: (client, state) => undefinedIfMissing(client.realm(state.realm)),

    async update(client, current, wanted, changed, { remote }) {
      if (changed.has("usernameClaim")) {
        throw new UserError(
          `its username claim is fixed at creation and is not \`${wanted.usernameClaim}\`. ` +
            `Set \`usernameClaim\` to the realm's own, or remove the realm on ${product.shortName} and run \`pulumi up\` again.`,
        );
      }
      const keys = [...changed].filter((key) => optionNames.includes(key));
      if (keys.length === 0) return remote;
      return writeOver(
        remote,
        () => client.realm(current.realm),
        (before) =>
          client.updateRealm(current.realm, {
            ...parameters(wanted, keys),
            delete: removed(wanted, keys, before),
            digest: before.digest,
          }),
      );
    },

    async delete(client, { realm, usersOnDelete }) {
      if (client.actingUser.endsWith(`@${realm}`)) {
        throw new UserError(
          "this stack's own token belongs to one of its users, and would be deleted with it. Use a token of a user in another realm.",
        );
      }
      // Without permissions the list contains only the own user, and proves nothing.
      if (usersOnDelete !== "keep") {
        const why = "which users there are, as `usersOnDelete` demands unless it is `keep`";
        await client.requireReadAccess("users", why);
      }
      const users = (await client.users())
        .map(({ userid }) => userid)
        .filter((id) => id.endsWith(`@${realm}`))
        .sort();
      if (users.length > 0 && usersOnDelete === "refuse") {
        throw new UserError(
          `it has users: ${users.join(", ")}. Remove them on ${product.shortName}, or set \`usersOnDelete\` to \`keep\` or \`remove\` and run \`pulumi up\` first.`,
        );
      }
      // Users are deleted before the realm, because the server refuses to delete users of a missing realm.
      if (usersOnDelete === "remove") for (const user of users) await removeUser(client, user);
      await undefinedIfMissing(client.deleteRealm(realm));
      if (users.length === 0) return;
      console.log(
        usersOnDelete === "remove"
          ? `Removed the users of the realm ${realm}: ${users.join(", ")}.`
          : `Users of the realm ${realm} stay on ${product.shortName} with their permissions, without a way to log in: ${users.join(", ")}. ` +
              "A new realm of this name brings them back. To remove them, create the realm again with `usersOnDelete: remove`.",
      );
    },

    observe,
    outputs: () => ({}),
  };
}
