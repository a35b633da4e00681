// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.
import type * as pulumi from "@pulumi/pulumi";
import type { ProxmoxConnectionArgs } from "./connection";

/** Arguments of `Group`. A group of Proxmox VE (`/access/groups`). Its members are never changed. */
export interface GroupArgs {
  /** The connection to Proxmox VE. */
  proxmox: pulumi.Input<ProxmoxConnectionArgs>;

  /**
   * The name. For a group in a realm's groups claim, Proxmox uses `<name>-<realm>`. Case-sensitive, of
   * letters, digits, `.`, `-` and `_` only (PVE/AccessControl.pm). **A change replaces the resource.**
   */
  group: pulumi.Input<string>;

  /** Shown in the list of groups. */
  comment?: pulumi.Input<string | undefined>;

  /**
   * Random value in the comment. It proves that an existing group belongs to the stack. Error: *must have 8
   * to 64 letters, digits, `-` or `_`*.
   */
  ownershipMark?: pulumi.Input<string | undefined>;

  /**
   * Take over a group that exists already.
   * @default `false`
   */
  adopt?: pulumi.Input<boolean | undefined>;
}
