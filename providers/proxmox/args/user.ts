// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.
import type * as pulumi from "@pulumi/pulumi";
import type { ProxmoxConnectionArgs } from "./connection";

/**
 * Arguments of `User`. A user of Proxmox VE (`/access/users`) without a password, created before its first
 * login.
 */
export interface UserArgs {
  /** The connection to Proxmox VE. */
  proxmox: pulumi.Input<ProxmoxConnectionArgs>;

  /**
   * `name@realm`. The name must equal the value of the realm's username claim. It is case-sensitive. Errors:
   * *may have at most 64 characters, the realm included*. *must be name@realm, and the name may have only
   * ASCII characters, no space, `/` or `:`*. **A change replaces the resource.**
   * Text, at most 64 characters.
   */
  userId: pulumi.Input<string>;

  /**
   * All groups of the user. Without this option they stay unchanged, and logins with a groups claim may set
   * them.
   */
  groups?: pulumi.Input<pulumi.Input<string>[] | undefined>;

  /** Revisions of the groups. A replaced group loses its members, and this resource adds the user again. */
  groupRevisions?: pulumi.Input<pulumi.Input<string>[] | undefined>;

  /**
   * Whether the user may log in.
   * @default `true`
   */
  enabled?: pulumi.Input<boolean | undefined>;

  /**
   * End of the user's access: a day (its start, in UTC) or a time, e.g. `2027-06-30` or
   * `2027-06-30T18:00:00+02:00`.
   * Day or instant.
   */
  expires?: pulumi.Input<string | string | undefined>;

  /**
   * Shown in the list of users. At most 2048 characters, including the ownership mark.
   * Text, at most 1950 characters.
   */
  comment?: pulumi.Input<string | undefined>;

  /**
   * Address for Proxmox's notifications.
   * E-mail address, at most 254 characters.
   */
  email?: pulumi.Input<string | undefined>;

  /**
   * First name, at most 1024 characters.
   * Text, at most 1024 characters.
   */
  firstName?: pulumi.Input<string | undefined>;

  /**
   * Last name, at most 1024 characters.
   * Text, at most 1024 characters.
   */
  lastName?: pulumi.Input<string | undefined>;

  /**
   * Random value in the comment. It proves that an existing user belongs to the stack. Error: *must have 8 to
   * 64 letters, digits, `-` or `_`*.
   */
  ownershipMark?: pulumi.Input<string | undefined>;

  /**
   * Take over a user that exists already.
   * @default `false`
   */
  adopt?: pulumi.Input<boolean | undefined>;
}
