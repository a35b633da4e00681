// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.
import type * as pulumi from "@pulumi/pulumi";
import type { AuthentikConnectionArgs } from "./connection";

/** Arguments of `ScopeMapping`. The claims that authentik puts into tokens for a scope. */
export interface ScopeMappingArgs {
  /** The connection to authentik. */
  authentik: pulumi.Input<AuthentikConnectionArgs>;

  /** Unique among all property mappings of authentik. */
  name: pulumi.Input<string>;

  /** The scope with which a client asks for the claims. */
  scopeName: pulumi.Input<string>;

  /** Python that returns the claims as a dictionary. */
  expression: pulumi.Input<string>;

  /**
   * What a user is asked to consent to; without one the scope is not shown.
   * @default empty
   */
  description?: pulumi.Input<string | undefined>;

  /** A random text in a comment of the expression: it proves that a mapping found in place is ours. */
  ownershipMark?: pulumi.Input<string | undefined>;

  /**
   * Bring a mapping that exists already under this stack.
   * @default `false`
   */
  adopt?: pulumi.Input<boolean | undefined>;
}
