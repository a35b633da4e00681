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
}
