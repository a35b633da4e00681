// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.
import type * as pulumi from "@pulumi/pulumi";
import type { ProxmoxConnectionArgs } from "./connection";

/** Arguments of `Acl`. What users, groups and API tokens of Proxmox VE may do on a path (`/access/acl`). */
export interface AclArgs {
  /** The connection to Proxmox VE. */
  proxmox: pulumi.Input<ProxmoxConnectionArgs>;

  /**
   * `/`, `/vms`, `/vms/100`, `/storage/local` and so on (pve-access-control, PVE/AccessControl.pm,
   * `check_path`). A change is made without an instant without rights.
   */
  path: pulumi.Input<string>;

  /** The role, built in or made, for instance by a `Role`. */
  role: pulumi.Input<string>;

  /**
   * Users, `name@realm`. Refused otherwise: *may have at most 64 characters, the realm included*; *must be
   * name@realm, and the name may have only ASCII characters, no space, `/` or `:`*; *may have no comma or
   * semicolon, since Proxmox takes lists of them*.
   * List: text, at most 64 characters.
   * @default `[]`
   */
  users?: pulumi.Input<pulumi.Input<string>[] | undefined>;

  /**
   * Groups. Of users, groups and tokens there has to be at least one; each must exist.
   * @default `[]`
   */
  groups?: pulumi.Input<pulumi.Input<string>[] | undefined>;

  /**
   * API tokens, `name@realm!token`. Refused otherwise: *must be name@realm!token*; *may have no comma or
   * semicolon, since Proxmox takes lists of them*.
   * @default `[]`
   */
  tokens?: pulumi.Input<pulumi.Input<string>[] | undefined>;

  /**
   * Whether the role counts below the path too.
   * @default `true`
   */
  propagate?: pulumi.Input<boolean | undefined>;

  /**
   * Revisions of the groups and of the role: a replaced one takes its permissions along, which are then given
   * again.
   */
  groupRevisions?: pulumi.Input<pulumi.Input<string>[] | undefined>;

  /**
   * Whether all users, groups and tokens named here are this stack's own, so that their permissions are too.
   * @default `false`
   */
  subjectsProveOwnership?: pulumi.Input<boolean | undefined>;

  /**
   * Bring permissions that exist already under this stack.
   * @default `false`
   */
  adopt?: pulumi.Input<boolean | undefined>;
}
