// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.
import type * as pulumi from "@pulumi/pulumi";
import type { AuthentikConnectionArgs } from "./connection";

/**
 * Arguments of `PolicyBinding`. Gives a group, a user, or the users that a policy accepts access to an
 * application.
 */
export interface PolicyBindingArgs {
  /** The connection to authentik. */
  authentik: pulumi.Input<AuthentikConnectionArgs>;

  /**
   * Id (`pk`) of the object that it restricts, such as an application.
   * UUID.
   */
  target: pulumi.Input<string>;

  /**
   * Id of a policy. A binding has exactly one of `policy`, `group` and `user`.
   * UUID.
   */
  policy?: pulumi.Input<string | undefined>;

  /**
   * Id (`pk`) of a group. Its members pass, and so do members of its child groups.
   * UUID.
   */
  group?: pulumi.Input<string | undefined>;

  /** Id (`pk`) of a user. */
  user?: pulumi.Input<number | undefined>;

  /**
   * Order in which authentik evaluates the bindings of a target. Bindings of groups and users may share one.
   * @default `0`
   */
  order?: pulumi.Input<number | undefined>;

  /**
   * Whether to invert the result.
   * @default `false`
   */
  negate?: pulumi.Input<boolean | undefined>;

  /**
   * Whether authentik evaluates the binding.
   * @default `true`
   */
  enabled?: pulumi.Input<boolean | undefined>;

  /**
   * Seconds after which the evaluation of a policy fails.
   * Whole number, at least 0.
   * @default `30`
   */
  timeout?: pulumi.Input<number | undefined>;

  /**
   * The result if a policy fails.
   * @default `false`
   */
  failureResult?: pulumi.Input<boolean | undefined>;

  /**
   * Whether its target proves that an existing equal binding belongs to the stack.
   * @default `false`
   */
  targetProvesOwnership?: pulumi.Input<boolean | undefined>;

  /**
   * Take over an equal binding that exists already.
   * @default `false`
   */
  adopt?: pulumi.Input<boolean | undefined>;
}
