// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.
import type * as pulumi from "@pulumi/pulumi";

/**
 * Arguments of `SharedValues`. The random values that both servers get. They are in the state before the
 * first write to a server. After an interrupted run, they prove that an object belongs to the stack.
 */
export interface SharedValuesArgs {
  /**
   * A client ID to use instead of a random one. Refused otherwise: *may have only letters, digits, `.`, `_`,
   * `*` and `-`: Proxmox encodes all others, authentik does not decode them, and every login fails*.
   * Text, at most 255 characters.
   */
  givenClientId?: pulumi.Input<string | undefined>;

  /**
   * A client secret to use instead of a random one. Refused otherwise: *may have only letters, digits, `.`,
   * `_`, `*` and `-`: Proxmox encodes all others, authentik does not decode them, and every login fails*.
   * Text, at most 255 characters; secret.
   */
  givenClientSecret?: pulumi.Input<string | undefined>;

  /**
   * Random text that stays the same if the resource gets another name. The values that prove ownership derive
   * from it, and a renamed resource recognizes its objects. Without it, these values are random.
   */
  seed?: pulumi.Input<string | undefined>;
}
