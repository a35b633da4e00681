import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { ResourceDefinition } from "../core/definition";
import { undefinedIfMissing } from "../core/gone";
import { DefinedResource } from "../core/resource";
import type { OpenIdRealmArgs } from "./args/openIdRealm";
import type { ProxmoxClient } from "./client";
import { connectProxmox, proxmoxConnection } from "./connection";
import { observe, options, parameters } from "./openIdRealmWire";
import { requireReadAccess, seesUsers } from "./privileges";
import { realmLifecycle, usersOfRealm } from "./realmLifecycle";
import { askProxmoxVersion, proxmoxVersions } from "./versions";
import type { Realm } from "./wire";

/** Proxmox stores each option in one line of a file. A line break would start another option. */
const oneLine = z
  .string()
  .trim()
  .regex(/^\P{Cc}*$/u, "may have no line breaks or control characters");

/** Proxmox stores empty values, which then break this realm and every later write to any realm. */
const required = oneLine.min(1, "must not be empty").max(256);

/** Characters that Proxmox accepts in lists (pve-access-control, PVE/Auth/OpenId.pm). */
const safeList = z
  .string()
  .trim()
  .min(1)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: Proxmox refuses them.
  .regex(/^[^\x00-\x1F\x7F <>#"]*$/, 'may have no spaces, `<`, `>`, `#` or `"`');

const inputs = z.object({
  proxmox: proxmoxConnection,
  /** Name of the realm, the part after `@` in its users' names. Case-sensitive. */
  realm: z
    .string()
    .regex(
      /^[A-Za-z][A-Za-z0-9.\-_]+$/,
      "must start with a letter and have only letters, digits, `.`, `-` or `_`",
    )
    .min(2)
    .max(32)
    .refine(
      (name) => name !== "pam" && name !== "pve",
      "is taken by Proxmox itself: choose another than pam and pve",
    ),
  /** Compared byte by byte with the issuer in authentik's discovery document, the trailing slash included. */
  issuerUrl: required,
  /** The OAuth2 client ID. An empty one breaks the realm and every later write to any realm. */
  clientId: required,
  /** The OAuth2 client secret. A public client has none. */
  clientKey: oneLine.min(1).max(256).optional(),
  /**
   * The claim that becomes the user name. Proxmox's own default, `sub`, cannot work with authentik's default subject
   * (68 characters, and 64 are allowed). A change replaces the realm. User names may change with the claim, and
   * permissions of the old names then no longer apply. Proxmox VE 7.0 accepts only `subject`, `username` and `email`.
   */
  usernameClaim: oneLine.min(1).default("username"),
  /** Create Proxmox users at their first login. */
  autocreate: z.boolean().default(true),
  /** Preselect this realm on the login page. Proxmox clears this option on the other realms. */
  default: z.boolean().default(false),
  /** Shown instead of the name in the login page's list of realms. */
  comment: oneLine.min(1).max(4096).optional(),
  /**
   * Scopes to request in addition to `openid`, separated by spaces. Proxmox VE 7.1 and later. @default Proxmox's
   * `email profile`
   */
  scopes: oneLine.min(1).optional(),
  /** OpenID `prompt`: none, login, consent, select_account. Proxmox VE 7.1 and later. */
  prompt: z.string().trim().regex(/^\S+$/, "must be one word").optional(),
  /** Authentication Context Class References to request. Proxmox VE 7.1 and later. */
  acrValues: safeList.optional(),
  /** The claim with the user's groups. Proxmox VE 8.4 and later. */
  groupsClaim: z
    .string()
    .regex(/^[A-Za-z0-9._-]+$/, "may have only letters, digits, `.`, `_` and `-`")
    .optional(),
  /** Create groups in the claim that Proxmox does not have. Proxmox VE 8.4 and later. */
  groupsAutocreate: z.boolean().optional(),
  /**
   * At login, remove the user from groups that are not in the claim, including those assigned by hand. Proxmox VE 8.4
   * and later.
   */
  groupsOverwrite: z.boolean().optional(),
  /** Ask the userinfo endpoint for claims. Proxmox VE 8.4 and later. @default true on the server */
  queryUserinfo: z.boolean().optional(),
  /** Audiences to accept in addition to the client ID. Proxmox VE 9.2 and later. */
  audiences: safeList.optional(),
  /**
   * What happens to the realm's users if it is deleted or replaced. `keep`: they stay and are listed, but cannot log
   * in. `remove`: they are removed with their permissions. `refuse`: the realm is not deleted while it has users. The
   * value of the last `up` applies.
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

export type OpenIdRealmInputs = z.output<typeof inputs>;

export const openIdRealmDefinition: ResourceDefinition<typeof inputs, Realm, object, ProxmoxClient> = {
  ...realmLifecycle<Realm, OpenIdRealmInputs, ProxmoxClient>({ server: "Proxmox", options, parameters }),
  type: "proxmox:OpenIdRealm",
  title: "Proxmox realm",
  inputs,
  oneHolder: ["default"],
  versions: {
    server: "Proxmox VE",
    since: proxmoxVersions.openIdRealm,
    instead: {
      groupsClaim:
        "If `access` sets it, list the users under `members` of each group. The program then creates these users.",
    },
    ask: askProxmoxVersion,
  },
  connect: ({ proxmox }, credentials) => connectProxmox(proxmox, credentials),

  async delete(client, state) {
    const { realm, usersOnDelete } = state;
    const users = await usersOfRealm(client, state, "Proxmox", (unseen) =>
      requireReadAccess(client, unseen, seesUsers),
    );
    // The realm is deleted before its users, because a login would create them again.
    await undefinedIfMissing(client.deleteRealm(realm));
    if (users.length === 0) return;
    if (usersOnDelete === "remove") {
      for (const user of users) await undefinedIfMissing(client.deleteUser(user));
      console.log(`Removed the users of the realm ${realm}: ${users.join(", ")}.`);
    } else {
      console.log(
        `Users of the realm ${realm} stay on Proxmox, without a way to log in: ${users.join(", ")}. ` +
          `Each can be removed on a node by pveum user delete, e.g. pveum user delete '${users[0]}'.`,
      );
    }
  },

  observe,
};

export type { OpenIdRealmArgs };

/** An OpenID Connect realm of Proxmox VE (`/access/domains`, type `openid`). */
export class OpenIdRealm extends DefinedResource<typeof inputs, OpenIdRealmArgs> {
  declare readonly realm: pulumi.Output<string>;
  declare readonly issuerUrl: pulumi.Output<string>;
  declare readonly clientId: pulumi.Output<string>;
  declare readonly usernameClaim: pulumi.Output<string>;

  constructor(name: string, args: OpenIdRealmArgs, options?: pulumi.CustomResourceOptions) {
    super(openIdRealmDefinition, [], name, args, options);
  }
}
