import type * as pulumi from "@pulumi/pulumi";
import { aclInputs, aclOf } from "../accessControl/acl";
import { DefinedResource } from "../core/resource";
import type { AclArgs } from "./args/acl";
import { backupServer } from "./product";

const inputs = aclInputs;

export const aclDefinition = aclOf(backupServer);

export type { AclArgs };

/** The permissions of users and API tokens of Proxmox Backup Server on a path (`/access/acl`). */
export class Acl extends DefinedResource<typeof inputs, AclArgs> {
  declare readonly path: pulumi.Output<string>;
  declare readonly role: pulumi.Output<string>;

  constructor(name: string, args: AclArgs, options?: pulumi.CustomResourceOptions) {
    super(aclDefinition, [], name, args, options);
  }
}
