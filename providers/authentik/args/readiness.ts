// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.
import type * as pulumi from "@pulumi/pulumi";
import type { AuthentikConnectionArgs } from "./connection";

/**
 * Arguments of `Readiness`. Waits until authentik answers with the token, and one of ours until its worker
 * has made the default objects.
 */
export interface ReadinessArgs {
  /** The connection to authentik. */
  authentik: pulumi.Input<AuthentikConnectionArgs>;

  /**
   * Longest wait. 0 for a server that must be ready already: then every failure is reported at once.
   * Whole number, 0 to 3600.
   * @default `0`
   */
  waitSeconds?: pulumi.Input<number | undefined>;

  /**
   * Ids of what runs the server; a change of one means waiting again.
   * @default `[]`
   */
  runsOn?: pulumi.Input<pulumi.Input<string>[] | undefined>;

  /**
   * authentik's version as the configuration says it, or an image's tag; empty where they do not. The
   * server's own is compared with it.
   */
  expectedVersion?: pulumi.Input<string | undefined>;
}
