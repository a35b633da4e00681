// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.
import type * as pulumi from "@pulumi/pulumi";
import type { AccessControlConnectionArgs } from "../../accessControl/args/connection";

/**
 * Arguments of `Acl`. The permissions of users and API tokens of Proxmox Backup Server on a path
 * (`/access/acl`).
 */
export interface AclArgs {
  /** The connection to Backup Server. */
  proxmox: pulumi.Input<AccessControlConnectionArgs>;

  /**
   * `/`, `/datastore/store1`, `/resource/pve1` and so on. A change grants the new permission before it
   * revokes the old one.
   */
  path: pulumi.Input<string>;

  /** A built-in role: there are no others. */
  role: pulumi.Input<string>;

  /**
   * Users, `name@realm`, that exist. Groups do not exist there. The list may be empty if
   * `subjectsProveOwnership`. Errors: *may have at most 64 characters, the realm included*. *must be
   * name@realm, and the name may have no space, `/` or `:`*.
   * List: text, at most 64 characters.
   * @default `[]`
   */
  users?: pulumi.Input<pulumi.Input<string>[] | undefined>;

  /**
   * API tokens, `name@realm!token`. A token may do what both it and its user may do. Errors: *may have at
   * most 64 characters*. *must be name@realm!token*.
   * List: text, at most 64 characters.
   * @default `[]`
   */
  tokens?: pulumi.Input<pulumi.Input<string>[] | undefined>;

  /**
   * Whether the role also applies below the path.
   * @default `true`
   */
  propagate?: pulumi.Input<boolean | undefined>;

  /**
   * Revisions of the users. If one is replaced, its permissions are lost, and this resource grants them
   * again.
   */
  userRevisions?: pulumi.Input<pulumi.Input<string>[] | undefined>;

  /**
   * Whether all users and tokens listed here belong to this stack. Their permissions then belong to it too.
   * @default `false`
   */
  subjectsProveOwnership?: pulumi.Input<boolean | undefined>;

  /**
   * Take over permissions that exist already.
   * @default `false`
   */
  adopt?: pulumi.Input<boolean | undefined>;
}
