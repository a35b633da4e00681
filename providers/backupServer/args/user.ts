// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.
import type * as pulumi from "@pulumi/pulumi";
import type { AccessControlConnectionArgs } from "../../accessControl/args/connection";

/**
 * Arguments of `User`. A user of Proxmox Backup Server (`/access/users`) without a password, created before
 * its first login. Its removal removes its permissions first.
 */
export interface UserArgs {
  /** The connection to Backup Server. */
  proxmox: pulumi.Input<AccessControlConnectionArgs>;

  /**
   * `name@realm`. The name must equal the value of the realm's username claim. It is case-sensitive, and the
   * realm must exist. Errors: *may have at most 64 characters, the realm included*. *must be name@realm, and
   * the name may have no space, `/` or `:`*. **A change replaces the resource.**
   * Text, at most 64 characters.
   */
  userId: pulumi.Input<string>;

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
   * Shown in the list of users. At most 128 characters, including the ownership mark. Error: *may have no
   * line breaks or control characters*.
   */
  comment?: pulumi.Input<string | undefined>;

  /**
   * Address for the server's notifications.
   * E-mail address, at most 64 characters.
   */
  email?: pulumi.Input<string | undefined>;

  /**
   * First name. Error: *may have no line breaks or control characters*.
   * Text, 2 to 64 characters.
   */
  firstName?: pulumi.Input<string | undefined>;

  /**
   * Last name. Error: *may have no line breaks or control characters*.
   * Text, 2 to 64 characters.
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
