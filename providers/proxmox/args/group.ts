// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.
import type * as pulumi from "@pulumi/pulumi";
import type { ProxmoxConnectionArgs } from "./connection";

/** Arguments of `Group`. A group of Proxmox VE (`/access/groups`); its members are left alone. */
export interface GroupArgs {
  /** The connection to Proxmox VE. */
  proxmox: pulumi.Input<ProxmoxConnectionArgs>;

  /**
   * Its name. Of a group in a realm's groups claim Proxmox makes `<name>-<realm>`. Case-sensitive, of
   * letters, digits, `.`, `-` and `_` only (PVE/AccessControl.pm). **A change makes a new object.**
   */
  group: pulumi.Input<string>;

  /** Shown in the list of groups. */
  comment?: pulumi.Input<string | undefined>;

  /**
   * A random value that proves that a group found in place is ours; it stands in the comment. Refused
   * otherwise: *must have 8 to 64 letters, digits, `-` or `_`*.
   */
  ownershipMark?: pulumi.Input<string | undefined>;

  /**
   * Bring a group that exists already under this stack.
   * @default `false`
   */
  adopt?: pulumi.Input<boolean | undefined>;
}
