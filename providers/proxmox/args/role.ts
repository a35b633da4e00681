// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.
import type * as pulumi from "@pulumi/pulumi";
import type { ProxmoxConnectionArgs } from "./connection";

/** Arguments of `Role`. A custom role of Proxmox VE (`/access/roles`). */
export interface RoleArgs {
  /** The connection to Proxmox VE. */
  proxmox: pulumi.Input<ProxmoxConnectionArgs>;

  /**
   * The name, of letters, digits, `.`, `-` and `_` only (PVE/AccessControl.pm). Errors: *must not begin with
   * PVE, which Proxmox keeps for its own roles*. *is one of Proxmox's own roles: choose another name*. **A
   * change replaces the resource.**
   */
  role: pulumi.Input<string>;

  /**
   * The privileges, e.g. `VM.Audit`. They differ between versions of Proxmox VE. Error: *must be a privilege,
   * e.g. VM.Audit or Sys.PowerMgmt*.
   */
  privileges: pulumi.Input<pulumi.Input<string>[]>;

  /**
   * Whether a resource of this stack has made the role, according to the state. The resource may have another
   * name.
   */
  madeByStack?: pulumi.Input<boolean | undefined>;

  /**
   * Random value in the comments of this stack's groups and users. With it, a role whose privileges are
   * mostly others belongs to the stack only if one of these has it, and a delete leaves a role that others
   * use. Error: *must have 8 to 64 letters, digits, `-` or `_`*.
   */
  ownershipMark?: pulumi.Input<string | undefined>;

  /**
   * Take over a role that exists already.
   * @default `false`
   */
  adopt?: pulumi.Input<boolean | undefined>;
}
