// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.
import type * as pulumi from "@pulumi/pulumi";
import type { AccessControlConnectionArgs } from "../../accessControl/args/connection";

/**
 * Arguments of `OpenIdRealm`. An OpenID Connect realm of Proxmox Datacenter Manager
 * (`/config/access/openid`). It has no groups claim.
 */
export interface OpenIdRealmArgs {
  /** The connection to Datacenter Manager. */
  proxmox: pulumi.Input<AccessControlConnectionArgs>;

  /**
   * Name of the realm, the part after `@` in its users' names. Case-sensitive. Errors: *must start with a
   * letter, a digit or `_` and have only these, `.` and `-`*. *is taken by Proxmox itself: choose another
   * than pam, pbs and pdm*. **A change replaces the resource.**
   * Text, 2 to 32 characters.
   */
  realm: pulumi.Input<string>;

  /**
   * Compared byte by byte with the issuer in authentik's discovery document, the trailing slash included.
   * Errors: *may have no line breaks or control characters*. *must not be empty*.
   */
  issuerUrl: pulumi.Input<string>;

  /** The OAuth2 client ID. Errors: *may have no line breaks or control characters*. *must not be empty*. */
  clientId: pulumi.Input<string>;

  /**
   * The OAuth2 client secret. A public client has none. Error: *may have no line breaks or control
   * characters*.
   * Text; secret.
   */
  clientKey?: pulumi.Input<string | undefined>;

  /**
   * The claim that becomes the user name. The server's own default, `sub`, cannot work with authentik's
   * default subject (68 characters, and 64 are allowed). A change replaces the realm. User names may change
   * with the claim, and permissions of the old names then no longer apply. Error: *may have only letters,
   * digits, `.`, `_` and `-`*. **A change replaces the resource.**
   * Text, at most 64 characters.
   * @default `username`
   */
  usernameClaim?: pulumi.Input<string | undefined>;

  /**
   * Create users at their first login. They may do nothing until a permission names them.
   * @default `true`
   */
  autocreate?: pulumi.Input<boolean | undefined>;

  /**
   * Preselect this realm on the login page. The server clears this option on the other realms.
   * @default `false`
   */
  default?: pulumi.Input<boolean | undefined>;

  /**
   * Shown in the login page's list of realms. Error: *may have no line breaks or control characters*.
   * Text, at most 128 characters.
   */
  comment?: pulumi.Input<string | undefined>;

  /**
   * Scopes to request in addition to `openid`, separated by spaces. Error: *may have no line breaks or
   * control characters*.
   * @default the server's `email profile`
   */
  scopes?: pulumi.Input<string | undefined>;

  /** OpenID `prompt`: none, login, consent, select_account. Error: *must be one word*. */
  prompt?: pulumi.Input<string | undefined>;

  /**
   * Authentication Context Class References to request, separated by spaces. Error: *may have no `<`, `>`,
   * `#` or `"`*.
   */
  acrValues?: pulumi.Input<string | undefined>;

  /**
   * Audiences to accept in addition to the client ID, separated by spaces. Error: *may have no `<`, `>`, `#`
   * or `"`*.
   * @since Datacenter Manager 1.0
   */
  audiences?: pulumi.Input<string | undefined>;

  /**
   * What happens to the realm's users if it is deleted or replaced. `keep`: they stay with their permissions
   * but cannot log in, and a new realm of this name brings them back. `remove`: they are removed with their
   * permissions. `refuse`: the realm is not deleted while it has users. The value of the last `up` applies.
   * @default `keep`
   */
  usersOnDelete?: pulumi.Input<"keep" | "remove" | "refuse" | undefined>;

  /**
   * Whether client ID and client key prove that an existing realm belongs to the stack: they are random and
   * unique.
   * @default `false`
   */
  clientProvesOwnership?: pulumi.Input<boolean | undefined>;

  /** Whether the client ID alone proves ownership: it is random and unique. */
  clientIdProvesOwnership?: pulumi.Input<boolean | undefined>;

  /**
   * Take over a realm that exists already.
   * @default `false`
   */
  adopt?: pulumi.Input<boolean | undefined>;
}
