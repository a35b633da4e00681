// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.
import type * as pulumi from "@pulumi/pulumi";
import type { AuthentikConnectionArgs } from "./connection";

/**
 * Arguments of `ExclusiveBindings`. Keeps an application's bindings to these: one that is made by hand is
 * shown by a refresh and removed by an `up`. The application stays closed even when all of them are deleted.
 * Access that was granted for a time stays. Deleting this resource leaves them alone.
 */
export interface ExclusiveBindingsArgs {
  /** The connection to authentik. */
  authentik: pulumi.Input<AuthentikConnectionArgs>;

  /**
   * Id (`pk`) of what the bindings restrict: an application, say.
   * UUID.
   */
  target: pulumi.Input<string>;

  /**
   * Ids (`pk`) of all bindings that it shall have: any other one lets in, or keeps out, somebody else.
   * Refused otherwise: *must have at least one, since an application without bindings lets everybody in*.
   * List: UUID.
   */
  bindings: pulumi.Input<pulumi.Input<string>[]>;

  /**
   * Whether bindings that are not listed are removed.
   * @default `true`
   */
  removeOthers?: pulumi.Input<boolean | undefined>;

  /**
   * Name of a group without members that is bound as well. It lets nobody in, and keeps the application
   * closed when all other bindings are gone. Only for applications with the policy engine mode `any`: with
   * `all` it would lock everybody out.
   */
  closingGroup?: pulumi.Input<string | undefined>;

  /** Random text that proves that a group of this name is ours. */
  ownershipMark?: pulumi.Input<string | undefined>;
}
