// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.
import type * as pulumi from "@pulumi/pulumi";
import type { AuthentikConnectionArgs } from "./connection";

/** Arguments of `ScopeMapping`. The claims that authentik adds to tokens for a scope. */
export interface ScopeMappingArgs {
  /** The connection to authentik. */
  authentik: pulumi.Input<AuthentikConnectionArgs>;

  /** Name of the mapping, unique among all property mappings of authentik. */
  name: pulumi.Input<string>;

  /** The scope with which a client requests the claims. */
  scopeName: pulumi.Input<string>;

  /** Python that returns the claims as a dictionary. */
  expression: pulumi.Input<string>;

  /**
   * Text of the consent that a user is asked for. Without one, the scope is hidden.
   * @default empty
   */
  description?: pulumi.Input<string | undefined>;

  /** Random text in a comment of the expression. It proves that an existing mapping belongs to the stack. */
  ownershipMark?: pulumi.Input<string | undefined>;

  /**
   * Take over a mapping that exists already.
   * @default `false`
   */
  adopt?: pulumi.Input<boolean | undefined>;
}
