import type * as pulumi from "@pulumi/pulumi";
import { userInputs, userOf } from "../accessControl/user";
import { DefinedResource } from "../core/resource";
import type { UserArgs } from "./args/user";
import { backupServer } from "./product";

const inputs = userInputs;

export const userDefinition = userOf(backupServer);

export type { UserArgs };

/**
 * A user of Proxmox Backup Server (`/access/users`) without a password, created before its first login. Its removal removes
 * its permissions first.
 */
export class User extends DefinedResource<typeof inputs, UserArgs> {
  declare readonly userId: pulumi.Output<string>;

  constructor(name: string, args: UserArgs, options?: pulumi.CustomResourceOptions) {
    super(userDefinition, [], name, args, options);
  }
}
