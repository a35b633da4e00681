// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.
import type * as pulumi from "@pulumi/pulumi";
import type { ProxmoxConnectionArgs } from "./connection";

/**
 * Arguments of `User`. A user of Proxmox VE (`/access/users`), made before its first login: it has no
 * password here.
 */
export interface UserArgs {
  /** The connection to Proxmox VE. */
  proxmox: pulumi.Input<ProxmoxConnectionArgs>;

  /**
   * `name@realm`. The name has to be what the realm's username claim will say; its case counts. Refused
   * otherwise: *may have at most 64 characters, the realm included*; *must be name@realm, and the name may
   * have only ASCII characters, no space, `/` or `:`*. **A change makes a new object.**
   * Text, at most 64 characters.
   */
  userId: pulumi.Input<string>;

  /** Its groups, exactly. Not given, they are left as they are, and to logins with a groups claim. */
  groups?: pulumi.Input<pulumi.Input<string>[] | undefined>;

  /** Revisions of the groups: a group that is replaced loses its members, who then join it again. */
  groupRevisions?: pulumi.Input<pulumi.Input<string>[] | undefined>;

  /**
   * Whether the user may log in.
   * @default `true`
   */
  enabled?: pulumi.Input<boolean | undefined>;

  /**
   * When logins end: a day (its beginning, in UTC) or an instant, e.g. `2027-06-30` or
   * `2027-06-30T18:00:00+02:00`.
   * Day or instant.
   */
  expires?: pulumi.Input<string | string | undefined>;

  /**
   * Shown in the list of users. The API takes 2048 characters, the ownership mark included.
   * Text, at most 1950 characters.
   */
  comment?: pulumi.Input<string | undefined>;

  /**
   * Where Proxmox sends notifications.
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
   * A random value that proves that a user found in place is ours; it stands in the comment. Refused
   * otherwise: *must have 8 to 64 letters, digits, `-` or `_`*.
   */
  ownershipMark?: pulumi.Input<string | undefined>;

  /**
   * Bring a user that exists already under this stack.
   * @default `false`
   */
  adopt?: pulumi.Input<boolean | undefined>;
}
