// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.
import type * as pulumi from "@pulumi/pulumi";
import type { AuthentikConnectionArgs } from "./connection";

/**
 * Arguments of `ExclusiveBindings`. Keeps an application's bindings exactly as listed. A refresh shows a
 * binding made by hand, and an `up` removes it. The application stays closed even if all bindings are
 * deleted. Access that was granted for a limited time stays. Deleting this resource changes no binding.
 */
export interface ExclusiveBindingsArgs {
  /** The connection to authentik. */
  authentik: pulumi.Input<AuthentikConnectionArgs>;

  /**
   * Id (`pk`) of the object that the bindings restrict, such as an application.
   * UUID.
   */
  target: pulumi.Input<string>;

  /**
   * Ids (`pk`) of all bindings. Any other binding is drift. Error: *must have at least one, since an
   * application without bindings lets everybody in*.
   * List: UUID.
   */
  bindings: pulumi.Input<pulumi.Input<string>[]>;

  /**
   * Whether to remove bindings that are not listed.
   * @default `true`
   */
  removeOthers?: pulumi.Input<boolean | undefined>;

  /**
   * Name of a group without members that gets a binding too. It lets nobody in, and keeps the application
   * closed if all other bindings are gone. Use it only with the policy engine mode `any`. With `all` it locks
   * everybody out.
   */
  closingGroup?: pulumi.Input<string | undefined>;

  /** Random text that proves that a group of this name belongs to the stack. */
  ownershipMark?: pulumi.Input<string | undefined>;
}
