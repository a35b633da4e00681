// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.
import type * as pulumi from "@pulumi/pulumi";

/** How to reach the API of Proxmox VE. The credential itself stays in the stack config. */
export interface ProxmoxConnectionArgs {
  /**
   * Base URL of the API, e.g. `https://pve.example.com:8006`; behind a gateway with its path,
   * `https://gw.example.com/pve`. Error: *must be the API's URL, e.g. https://pve.example.com:8006*.
   * URL.
   */
  url: pulumi.Input<string>;

  /** PEM of the CA that signed the API's certificate, unless it is a public one (`/etc/pve/pve-root-ca.pem`). */
  caCertificate?: pulumi.Input<string | undefined>;

  /**
   * SHA-256 fingerprint of the API's own certificate, instead of a CA. Error: *must be a SHA-256 fingerprint:
   * 64 hexadecimal digits, with or without colons*.
   */
  fingerprint?: pulumi.Input<string | undefined>;

  /**
   * The stack config key (a secret, in the namespace `pulumi-nodejs`) with the API token,
   * `user@realm!name=secret`.
   * @default `proxmoxToken`
   */
  tokenConfigKey?: pulumi.Input<string | undefined>;

  /** Log in as this user instead of with an API token, if tokens are not allowed. */
  login?: pulumi.Input<{
    /**
     * `name@realm`, e.g. `root@pam`. Errors: *may have at most 64 characters, the realm included*. *must be
     * name@realm, and the name may have only ASCII characters, no space, `/` or `:`*.
     * Text, at most 64 characters.
     */
    username: pulumi.Input<string>;

    /**
     * The stack config key (a secret, in the namespace `pulumi-nodejs`) with the password.
     * @default `proxmoxPassword`
     */
    passwordConfigKey?: pulumi.Input<string | undefined>;
  } | undefined>;
}
