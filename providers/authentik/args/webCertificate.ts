// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.
import type * as pulumi from "@pulumi/pulumi";
import type { AuthentikConnectionArgs } from "./connection";

/**
 * Arguments of `WebCertificate`. Makes authentik serve a certificate on its own https port, and waits until
 * it does.
 */
export interface WebCertificateArgs {
  /** The connection to authentik. */
  authentik: pulumi.Input<AuthentikConnectionArgs>;

  /**
   * Id of the certificate to serve.
   * UUID.
   */
  certificate: pulumi.Input<string>;

  /** SHA-256 fingerprint of the certificate. A renewed certificate keeps its id, and must be served too. */
  fingerprint: pulumi.Input<string>;

  /**
   * The URL that must serve the certificate, e.g. `https://auth.example.com`.
   * URL.
   */
  servedAt: pulumi.Input<string>;

  /**
   * Replace a web certificate that does not belong to the stack.
   * @default `false`
   */
  adopt?: pulumi.Input<boolean | undefined>;

  /** authentik's servers in a swarm. All of them must serve the certificate. */
  servers?: pulumi.Input<{
    /** A manager of the swarm. */
    docker: pulumi.Input<{
      /** Its address, with the scheme. */
      host?: pulumi.Input<string | undefined>;

      /** A Docker context instead of `host`. */
      context?: pulumi.Input<string | undefined>;

      /** Directory with ca.pem, cert.pem and key.pem. */
      certPath?: pulumi.Input<string | undefined>;

      /** Further arguments of the ssh command. */
      sshOptions?: pulumi.Input<pulumi.Input<string>[] | undefined>;
    }>;

    /** Name of the service. */
    service: pulumi.Input<string>;

    /**
     * Its https port on the nodes.
     * Whole number, 1 to 65535.
     */
    port: pulumi.Input<number>;
  } | undefined>;
}
