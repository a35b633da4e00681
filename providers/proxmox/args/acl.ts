// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.
import type * as pulumi from "@pulumi/pulumi";
import type { ProxmoxConnectionArgs } from "./connection";

/**
 * Arguments of `Acl`. The permissions of users, groups and API tokens of Proxmox VE on a path
 * (`/access/acl`).
 */
export interface AclArgs {
  /** The connection to Proxmox VE. */
  proxmox: pulumi.Input<ProxmoxConnectionArgs>;

  /**
   * `/`, `/vms`, `/vms/100`, `/storage/local` and so on (pve-access-control, PVE/AccessControl.pm,
   * `check_path`). A change grants the new permission before it revokes the old one.
   */
  path: pulumi.Input<string>;

  /** The role: built in, or created, for example by a `Role`. */
  role: pulumi.Input<string>;

  /**
   * Users, `name@realm`. Errors: *may have at most 64 characters, the realm included*. *must be name@realm,
   * and the name may have only ASCII characters, no space, `/` or `:`*. *must have no comma or semicolon,
   * because Proxmox splits the value there*.
   * List: text, at most 64 characters.
   * @default `[]`
   */
  users?: pulumi.Input<pulumi.Input<string>[] | undefined>;

  /**
   * Groups that exist. At least one user, group or token is required.
   * @default `[]`
   */
  groups?: pulumi.Input<pulumi.Input<string>[] | undefined>;

  /**
   * API tokens, `name@realm!token`. Errors: *must be name@realm!token*. *must have no comma or semicolon,
   * because Proxmox splits the value there*.
   * @default `[]`
   */
  tokens?: pulumi.Input<pulumi.Input<string>[] | undefined>;

  /**
   * Whether the role also applies below the path.
   * @default `true`
   */
  propagate?: pulumi.Input<boolean | undefined>;

  /**
   * Revisions of the groups and of the role. If one is replaced, its permissions are lost, and this resource
   * grants them again.
   */
  groupRevisions?: pulumi.Input<pulumi.Input<string>[] | undefined>;

  /**
   * Whether all users, groups and tokens listed here belong to this stack. Their permissions then belong to
   * it too.
   * @default `false`
   */
  subjectsProveOwnership?: pulumi.Input<boolean | undefined>;

  /**
   * Take over permissions that exist already.
   * @default `false`
   */
  adopt?: pulumi.Input<boolean | undefined>;
}
