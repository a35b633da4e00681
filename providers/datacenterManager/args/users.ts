// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.
import type * as pulumi from "@pulumi/pulumi";
import type { AccessControlConnectionArgs } from "../../accessControl/args/connection";

/**
 * Arguments of `Users`. The users of one realm of Proxmox Datacenter Manager. It is for a list that only an
 * `up` knows, such as the members of a group. They have no password. The removal of a user removes its
 * permissions first.
 */
export interface UsersArgs {
  /** The connection to Datacenter Manager. */
  proxmox: pulumi.Input<AccessControlConnectionArgs>;

  /**
   * The realm of all users. It must exist. A change replaces them. Error: *must be the name of a realm*. **A
   * change replaces the resource.**
   */
  realm: pulumi.Input<string>;

  /**
   * All users, `name@realm`. Users that exist already are used unchanged, and stay when they leave this list.
   * Errors: *may have at most 64 characters, the realm included*. *must be name@realm, and the name may have
   * no space, `/` or `:`*.
   * List: text, at most 64 characters.
   */
  users: pulumi.Input<pulumi.Input<string>[]>;

  /**
   * Random value in the comment of each user that this resource creates. It deletes only users with this
   * value. Error: *must have 8 to 64 letters, digits, `-` or `_`*.
   */
  ownershipMark: pulumi.Input<string>;
}
