// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.
import type * as pulumi from "@pulumi/pulumi";
import type { ProxmoxConnectionArgs } from "./connection";

/** Arguments of `OpenIdRealm`. An OpenID Connect realm of Proxmox VE (`/access/domains`, type `openid`). */
export interface OpenIdRealmArgs {
  /** The connection to Proxmox VE. */
  proxmox: pulumi.Input<ProxmoxConnectionArgs>;

  /**
   * Name of the realm, the part after `@` in its users' names. Case-sensitive. Refused otherwise: *must start
   * with a letter and have only letters, digits, `.`, `-` or `_`*; *is taken by Proxmox itself: choose
   * another than pam and pve*. **A change makes a new object.**
   * Text, 2 to 32 characters.
   */
  realm: pulumi.Input<string>;

  /**
   * Compared byte by byte with the issuer in authentik's discovery document, the trailing slash included.
   * Refused otherwise: *may have no line breaks or control characters*; *must not be empty*.
   * Text, at most 256 characters.
   */
  issuerUrl: pulumi.Input<string>;

  /**
   * The OAuth2 client ID. An empty one would break the realm and every later write to any realm. Refused
   * otherwise: *may have no line breaks or control characters*; *must not be empty*.
   * Text, at most 256 characters.
   */
  clientId: pulumi.Input<string>;

  /**
   * The OAuth2 client secret; a public client has none. Refused otherwise: *may have no line breaks or
   * control characters*.
   * Text, at most 256 characters; secret.
   */
  clientKey?: pulumi.Input<string | undefined>;

  /**
   * The claim that becomes the user name. Proxmox's own default, `sub`, cannot work with authentik's default
   * subject (68 characters where 64 fit). Cannot be changed on an existing realm: it is made anew, and as
   * user names may change with the claim, permissions of the old names no longer apply. Proxmox VE 7.0 takes
   * only `subject`, `username` and `email`. Refused otherwise: *may have no line breaks or control
   * characters*. **A change makes a new object.**
   * @default `username`
   */
  usernameClaim?: pulumi.Input<string | undefined>;

  /**
   * Make Proxmox users at their first login.
   * @default `true`
   */
  autocreate?: pulumi.Input<boolean | undefined>;

  /**
   * Preselect this realm on the login page; Proxmox clears it on the others.
   * @default `false`
   */
  default?: pulumi.Input<boolean | undefined>;

  /**
   * Shown instead of the name in the login page's list of realms. Refused otherwise: *may have no line breaks
   * or control characters*.
   * Text, at most 4096 characters.
   */
  comment?: pulumi.Input<string | undefined>;

  /**
   * Scopes requested besides `openid`, separated by spaces. Refused otherwise: *may have no line breaks or
   * control characters*.
   * @default Proxmox's `email profile`
   * @since Proxmox VE 7.1
   */
  scopes?: pulumi.Input<string | undefined>;

  /**
   * OpenID `prompt`: none, login, consent, select_account. Refused otherwise: *must be one word*.
   * @since Proxmox VE 7.1
   */
  prompt?: pulumi.Input<string | undefined>;

  /**
   * Authentication Context Class References to ask for. Refused otherwise: *may have no spaces, `<`, `>`, `#`
   * or `"`*.
   * @since Proxmox VE 7.1
   */
  acrValues?: pulumi.Input<string | undefined>;

  /**
   * The claim with the user's groups. Refused otherwise: *may have only letters, digits, `.`, `_` and `-`*.
   * @since Proxmox VE 8.4
   */
  groupsClaim?: pulumi.Input<string | undefined>;

  /**
   * Make groups of the claim that Proxmox does not have.
   * @since Proxmox VE 8.4
   */
  groupsAutocreate?: pulumi.Input<boolean | undefined>;

  /**
   * Remove a user at login from groups that are not in the claim, manual ones too.
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
   * Audiences to accept besides the client ID. Refused otherwise: *may have no spaces, `<`, `>`, `#` or `"`*.
   * @since Proxmox VE 9.2
   */
  audiences?: pulumi.Input<string | undefined>;

  /**
   * What becomes of the realm's users, who cannot log in without it, when it is deleted or made anew: they
   * stay and are listed, are removed with their permissions, or keep it from being deleted. Counts as of the
   * last `up`.
   * @default `keep`
   */
  usersOnDelete?: pulumi.Input<"keep" | "remove" | "refuse" | undefined>;

  /**
   * Whether client ID and client key prove that a realm found in place is ours: they are random and ours
   * alone.
   * @default `false`
   */
  clientProvesOwnership?: pulumi.Input<boolean | undefined>;

  /** Whether the client ID alone proves it: it is random and ours alone. */
  clientIdProvesOwnership?: pulumi.Input<boolean | undefined>;

  /**
   * Bring a realm that exists already under this stack.
   * @default `false`
   */
  adopt?: pulumi.Input<boolean | undefined>;
}
