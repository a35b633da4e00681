// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.
import type * as pulumi from "@pulumi/pulumi";
import type { ProxmoxConnectionArgs } from "./connection";

/**
 * Arguments of `ExclusivePermissions`. Keeps the permissions of groups exactly as listed. A refresh shows a
 * permission given by hand, and an `up` removes it. Deleting this resource changes no permission.
 */
export interface ExclusivePermissionsArgs {
  /** The connection to Proxmox VE. */
  proxmox: pulumi.Input<ProxmoxConnectionArgs>;

  /**
   * All permissions of these groups. Any other permission is drift. Error: *must have at least one
   * permission*.
   */
  permissions: pulumi.Input<pulumi.Input<{
    /** Name of a group or a role (pve-access-control, PVE/AccessControl.pm). */
    group: pulumi.Input<string>;

    /** Name of a group or a role (pve-access-control, PVE/AccessControl.pm). */
    role: pulumi.Input<string>;

    /** The path of a permission in the form that Proxmox stores: `/vms/100` for `vms//100/`. */
    path: pulumi.Input<string>;
  }>[]>;
}
