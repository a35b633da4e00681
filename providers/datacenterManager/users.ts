import type * as pulumi from "@pulumi/pulumi";
import { usersInputs, usersOf } from "../accessControl/users";
import { DefinedResource } from "../core/resource";
import type { UsersArgs } from "./args/users";
import { datacenterManager } from "./product";

const inputs = usersInputs;

export const usersDefinition = usersOf(datacenterManager);

export type { UsersArgs };

/**
 * The users of one realm of Proxmox Datacenter Manager. It is for a list that only an `up` knows, such as the
 * members of a group. They have no password. The removal of a user removes its permissions first.
 */
export class Users extends DefinedResource<typeof inputs, UsersArgs> {
  declare readonly users: pulumi.Output<string[]>;

  constructor(name: string, args: UsersArgs, options?: pulumi.CustomResourceOptions) {
    super(usersDefinition, [], name, args, options);
  }
}
