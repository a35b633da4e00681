// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.
import type * as pulumi from "@pulumi/pulumi";
import type { AuthentikConnectionArgs } from "./connection";

/**
 * Arguments of `Readiness`. Waits until authentik accepts the token. For authentik on Docker, also waits
 * until its worker has created the default objects.
 */
export interface ReadinessArgs {
  /** The connection to authentik. */
  authentik: pulumi.Input<AuthentikConnectionArgs>;

  /**
   * Maximum wait. 0 is for a server that must be ready already: every failure is then reported immediately.
   * Whole number, 0 to 3600.
   * @default `0`
   */
  waitSeconds?: pulumi.Input<number | undefined>;

  /**
   * Ids of the containers that run the server. If one changes, the resource waits again.
   * @default `[]`
   */
  runsOn?: pulumi.Input<pulumi.Input<string>[] | undefined>;

  /**
   * authentik's version in the configuration or the image's tag, or empty. The server's own version is
   * compared with it.
   */
  expectedVersion?: pulumi.Input<string | undefined>;

  /** The Docker host of these containers. Their logs show why authentik does not start. */
  docker?: pulumi.Input<{
    /** Its address, with the scheme. */
    host?: pulumi.Input<string | undefined>;

    /** A Docker context instead of `host`. */
    context?: pulumi.Input<string | undefined>;

    /** Directory with ca.pem, cert.pem and key.pem. */
    certPath?: pulumi.Input<string | undefined>;

    /** Further arguments of the ssh command. */
    sshOptions?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  } | undefined>;

  /** `false` if authentik has no bootstrap values, so the token must be in its database already. */
  bootstraps?: pulumi.Input<boolean | undefined>;
}
