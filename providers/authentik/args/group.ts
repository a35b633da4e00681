// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.
import type * as pulumi from "@pulumi/pulumi";
import type { AuthentikConnectionArgs } from "./connection";

/** Arguments of `Group`. A group of authentik. Its members are never touched. */
export interface GroupArgs {
  /** The connection to authentik. */
  authentik: pulumi.Input<AuthentikConnectionArgs>;

  /** Unique in authentik. */
  name: pulumi.Input<string>;

  /**
   * Ids (`pk`) of the groups that its members belong to as well. More than one: authentik 2025.12 and later.
   * List: UUID.
   * @default `[]`
   */
  parents?: pulumi.Input<pulumi.Input<string>[] | undefined>;

  /**
   * Whether its members may do everything in authentik.
   * @default `false`
   */
  isSuperuser?: pulumi.Input<boolean | undefined>;

  /**
   * Attributes, any JSON. Those that are not named here are left to others.
   * @default `{}`
   */
  attributes?: pulumi.Input<{ [key: string]: pulumi.Input<unknown> } | undefined>;

  /**
   * Ids of the roles that its members have.
   * List: UUID.
   * @default `[]`
   */
  roles?: pulumi.Input<pulumi.Input<string>[] | undefined>;

  /**
   * A random value that is in the state before the first write: it proves that an object found in place is
   * ours.
   */
  ownershipMark?: pulumi.Input<string | undefined>;

  /**
   * Use a group that exists already and is not ours as it is: it is neither changed nor deleted.
   * @default `false`
   */
  reuse?: pulumi.Input<boolean | undefined>;

  /**
   * Bring a group that exists already under this stack.
   * @default `false`
   */
  adopt?: pulumi.Input<boolean | undefined>;
}
