// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.
import type * as pulumi from "@pulumi/pulumi";

/** How to reach the API of authentik. The credential itself stays in the stack config. */
export interface AuthentikConnectionArgs {
  /**
   * Base URL of the server, e.g. `https://auth.example.com`. Error: *must be authentik's URL, e.g.
   * https://auth.example.com*.
   * URL.
   */
  url: pulumi.Input<string>;

  /** PEM of the CA that signed the server's certificate, unless it is a public one. */
  caCertificate?: pulumi.Input<string | undefined>;

  /**
   * SHA-256 fingerprint of the API's own certificate, instead of a CA. Error: *must be a SHA-256 fingerprint:
   * 64 hexadecimal digits, with or without colons*.
   */
  fingerprint?: pulumi.Input<string | undefined>;

  /**
   * The stack config key (a secret, in the namespace `pulumi-nodejs`) with the API token.
   * @default `authentikToken`
   */
  tokenConfigKey?: pulumi.Input<string | undefined>;
}
