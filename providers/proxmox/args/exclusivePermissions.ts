// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.
import type * as pulumi from "@pulumi/pulumi";
import type { ProxmoxConnectionArgs } from "./connection";

/**
 * Arguments of `ExclusivePermissions`. Sees to it that groups have no permissions but these: one that is
 * given by hand is shown by a refresh and taken away by an `up`. Deleting it leaves all permissions alone.
 */
export interface ExclusivePermissionsArgs {
  /** The connection to Proxmox VE. */
  proxmox: pulumi.Input<ProxmoxConnectionArgs>;

  /**
   * All permissions that these groups shall have: any other one lets their members do more, or less. Refused
   * otherwise: *must have at least one permission*.
   */
  permissions: pulumi.Input<pulumi.Input<{
    /** Of a group or a role (pve-access-control, PVE/AccessControl.pm). */
    group: pulumi.Input<string>;

    /** Of a group or a role (pve-access-control, PVE/AccessControl.pm). */
    role: pulumi.Input<string>;

    /** A path of a permission, in the form in which Proxmox stores it: `vms//100/` is `/vms/100`. */
    path: pulumi.Input<string>;
  }>[]>;
}
