import { z } from "zod";
import type { ResourceDefinition } from "../core/definition";
import { undefinedIfMissing } from "../core/gone";
import { oncePerClient } from "../core/once";
import { realmLifecycle, usersOfRealm } from "../proxmox/realmLifecycle";
import type { AccessControlClient } from "./client";
import { accessControlConnection, connectAccessControl } from "./connection";
import { longestComment, oneLine, safeName } from "./names";
import { observe, options, parameters } from "./openIdRealmWire";
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
  const server = product.shortName;
  return {
    ...realmLifecycle<Realm, RealmInputs, AccessControlClient>({ server, options, parameters }),
    type: `${product.module}:OpenIdRealm`,
    title: `${server} realm`,
    inputs: realmInputs,
    versions: { server, since: product.realmVersions, ask: askVersion },
    connect: ({ proxmox }, credentials) => connectAccessControl(product, proxmox, credentials),

    async delete(client, state) {
      const { realm, usersOnDelete } = state;
      const users = await usersOfRealm(client, state, server, (unseen) =>
        client.requireReadAccess("users", unseen),
      );
      // Users are deleted before the realm, because the server refuses to delete users of a missing realm.
      if (usersOnDelete === "remove") for (const user of users) await removeUser(client, user);
      await undefinedIfMissing(client.deleteRealm(realm));
      if (users.length === 0) return;
      console.log(
        usersOnDelete === "remove"
          ? `Removed the users of the realm ${realm}: ${users.join(", ")}.`
          : `Users of the realm ${realm} stay on ${server} with their permissions, without a way to log in: ${users.join(", ")}. ` +
              "A new realm of this name brings them back. To remove them, create the realm again with `usersOnDelete: remove`.",
      );
    },

    observe,
  };
}
