// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.
import type * as pulumi from "@pulumi/pulumi";
import type { AuthentikConnectionArgs } from "./connection";

/**
 * Arguments of `PolicyBinding`. Lets the members of a group, a user, or whom a policy accepts, use an
 * application.
 */
export interface PolicyBindingArgs {
  /** The connection to authentik. */
  authentik: pulumi.Input<AuthentikConnectionArgs>;

  /**
   * Id (`pk`) of what it restricts: an application, say.
   * UUID.
   */
  target: pulumi.Input<string>;

  /**
   * Id of a policy. A binding has exactly one of `policy`, `group` and `user`.
   * UUID.
   */
  policy?: pulumi.Input<string | undefined>;

  /**
   * Id (`pk`) of a group, whose members pass; those of the groups below it too.
   * UUID.
   */
  group?: pulumi.Input<string | undefined>;

  /** Id (`pk`) of a user. */
  user?: pulumi.Input<number | undefined>;

  /**
   * In which order the bindings of a target are judged. Those of groups and users may share one.
   * @default `0`
   */
  order?: pulumi.Input<number | undefined>;

  /**
   * Whether it passes whoever it would refuse.
   * @default `false`
   */
  negate?: pulumi.Input<boolean | undefined>;

  /**
   * Whether it counts.
   * @default `true`
   */
  enabled?: pulumi.Input<boolean | undefined>;

  /**
   * Seconds after which the evaluation of a policy counts as failed.
   * Whole number, at least 0.
   * @default `30`
   */
  timeout?: pulumi.Input<number | undefined>;

  /**
   * What counts where a policy fails.
   * @default `false`
   */
  failureResult?: pulumi.Input<boolean | undefined>;

  /**
   * Whether its target proves that an equal binding found in place is ours: we made the target.
   * @default `false`
   */
  targetProvesOwnership?: pulumi.Input<boolean | undefined>;

  /**
   * Bring an equal binding that exists already under this stack.
   * @default `false`
   */
  adopt?: pulumi.Input<boolean | undefined>;
}
