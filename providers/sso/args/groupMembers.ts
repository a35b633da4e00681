// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.
import type * as pulumi from "@pulumi/pulumi";
import type { AuthentikConnectionArgs } from "../../authentik/args/connection";

/**
 * Arguments of `GroupMembers`. The members of groups of authentik, for servers without a groups claim. The
 * resource changes nothing on a server. Each `up` and each refresh asks authentik; a preview shows the
 * members of the last one.
 */
export interface GroupMembersArgs {
  /** The connection to authentik. */
  authentik: pulumi.Input<AuthentikConnectionArgs>;

  /**
   * Ids (`pk`) of groups of authentik. Members of the groups below them are included.
   * List: UUID.
   */
  groups: pulumi.Input<pulumi.Input<string>[]>;

  /**
   * The claim that is the user name on the other server.
   * @default `username`
   */
  usernameClaim?: pulumi.Input<"username" | "preferred_username" | "nickname" | "email" | undefined>;

  /**
   * Set this to `!pulumi.runtime.isDryRun()`, which is true in an `up` and false in a preview. Each `up` then
   * reads the members again.
   * @default `false`
   */
  duringUp?: pulumi.Input<boolean | undefined>;
}
