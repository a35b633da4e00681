// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.
import type * as pulumi from "@pulumi/pulumi";
import type { ProxmoxConnectionArgs } from "./connection";

/** Arguments of `OpenIdRealm`. An OpenID Connect realm of Proxmox VE (`/access/domains`, type `openid`). */
export interface OpenIdRealmArgs {
  /** The connection to Proxmox VE. */
  proxmox: pulumi.Input<ProxmoxConnectionArgs>;

  /**
   * Name of the realm, the part after `@` in its users' names. Case-sensitive. Errors: *must start with a
   * letter and have only letters, digits, `.`, `-` or `_`*. *is taken by Proxmox itself: choose another than
   * pam and pve*. **A change replaces the resource.**
   * Text, 2 to 32 characters.
   */
  realm: pulumi.Input<string>;

  /**
   * Compared byte by byte with the issuer in authentik's discovery document, the trailing slash included.
   * Errors: *may have no line breaks or control characters*. *must not be empty*.
   * Text, at most 256 characters.
   */
  issuerUrl: pulumi.Input<string>;

  /**
   * The OAuth2 client ID. An empty one breaks the realm and every later write to any realm. Errors: *may have
   * no line breaks or control characters*. *must not be empty*.
   * Text, at most 256 characters.
   */
  clientId: pulumi.Input<string>;

  /**
   * The OAuth2 client secret. A public client has none. Error: *may have no line breaks or control
   * characters*.
   * Text, at most 256 characters; secret.
   */
  clientKey?: pulumi.Input<string | undefined>;

  /**
   * The claim that becomes the user name. Proxmox's own default, `sub`, cannot work with authentik's default
   * subject (68 characters, and 64 are allowed). A change replaces the realm. User names may change with the
   * claim, and permissions of the old names then no longer apply. Proxmox VE 7.0 accepts only `subject`,
   * `username` and `email`. Error: *may have no line breaks or control characters*. **A change replaces the
   * resource.**
   * @default `username`
   */
  usernameClaim?: pulumi.Input<string | undefined>;

  /**
   * Create Proxmox users at their first login.
   * @default `true`
   */
  autocreate?: pulumi.Input<boolean | undefined>;

  /**
   * Preselect this realm on the login page. Proxmox clears this option on the other realms.
   * @default `false`
   */
  default?: pulumi.Input<boolean | undefined>;

  /**
   * Shown instead of the name in the login page's list of realms. Error: *may have no line breaks or control
   * characters*.
   * Text, at most 4096 characters.
   */
  comment?: pulumi.Input<string | undefined>;

  /**
   * Scopes to request in addition to `openid`, separated by spaces. Error: *may have no line breaks or
   * control characters*.
   * @default Proxmox's `email profile`
   * @since Proxmox VE 7.1
   */
  scopes?: pulumi.Input<string | undefined>;

  /**
   * OpenID `prompt`: none, login, consent, select_account. Error: *must be one word*.
   * @since Proxmox VE 7.1
   */
  prompt?: pulumi.Input<string | undefined>;

  /**
   * Authentication Context Class References to request. Error: *may have no spaces, `<`, `>`, `#` or `"`*.
   * @since Proxmox VE 7.1
   */
  acrValues?: pulumi.Input<string | undefined>;

  /**
   * The claim with the user's groups. Error: *may have only letters, digits, `.`, `_` and `-`*.
   * @since Proxmox VE 8.4
   */
  groupsClaim?: pulumi.Input<string | undefined>;

  /**
   * Create groups in the claim that Proxmox does not have.
   * @since Proxmox VE 8.4
   */
  groupsAutocreate?: pulumi.Input<boolean | undefined>;

  /**
   * At login, remove the user from groups that are not in the claim, including those assigned by hand.
   * @since Proxmox VE 8.4
   */
  groupsOverwrite?: pulumi.Input<boolean | undefined>;

  /**
   * Ask the userinfo endpoint for claims.
   * @default true on the server
   * @since Proxmox VE 8.4
   */
  queryUserinfo?: pulumi.Input<boolean | undefined>;

  /**
   * Audiences to accept in addition to the client ID. Error: *may have no spaces, `<`, `>`, `#` or `"`*.
   * @since Proxmox VE 9.2
   */
  audiences?: pulumi.Input<string | undefined>;

  /**
   * What happens to the realm's users if it is deleted or replaced. `keep`: they stay and are listed, but
   * cannot log in. `remove`: they are removed with their permissions. `refuse`: the realm is not deleted
   * while it has users. The value of the last `up` applies.
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
