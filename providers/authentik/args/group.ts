// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.
import type * as pulumi from "@pulumi/pulumi";
import type { AuthentikConnectionArgs } from "./connection";

/** Arguments of `Group`. A group of authentik. Its members are never changed. */
export interface GroupArgs {
  /** The connection to authentik. */
  authentik: pulumi.Input<AuthentikConnectionArgs>;

  /** Name of the group, unique in authentik. */
  name: pulumi.Input<string>;

  /**
   * Ids (`pk`) of the parent groups. More than one requires authentik 2025.12.
   * List: UUID.
   * @default `[]`
   */
  parents?: pulumi.Input<pulumi.Input<string>[] | undefined>;

  /**
   * Whether its members are superusers of authentik.
   * @default `false`
   */
  isSuperuser?: pulumi.Input<boolean | undefined>;

  /**
   * Attributes, any JSON. Attributes that are not listed here stay unchanged.
   * @default `{}`
   */
  attributes?: pulumi.Input<{ [key: string]: pulumi.Input<unknown> } | undefined>;

  /**
   * Ids of the roles of its members.
   * List: UUID.
   * @default `[]`
   */
  roles?: pulumi.Input<pulumi.Input<string>[] | undefined>;

  /**
   * Random value that is in the state before the first write. It proves that an existing object belongs to
   * the stack.
   */
  ownershipMark?: pulumi.Input<string | undefined>;

  /**
   * Use an existing group that does not belong to the stack, without changing or deleting it.
   * @default `false`
   */
  reuse?: pulumi.Input<boolean | undefined>;

  /**
   * Take over a group that exists already.
   * @default `false`
   */
  adopt?: pulumi.Input<boolean | undefined>;
}
