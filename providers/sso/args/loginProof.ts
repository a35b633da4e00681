// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.
import type * as pulumi from "@pulumi/pulumi";
import type { ProxmoxConnectionArgs } from "../../proxmox/args/connection";

/**
 * Arguments of `LoginProof`. The last step of an `up`: a login, checked link by link. It runs again if a
 * resource in the chain has changed.
 */
export interface LoginProofArgs {
  /** The connection to Proxmox VE. */
  proxmox: pulumi.Input<ProxmoxConnectionArgs>;

  /** The realm of the login. */
  realm: pulumi.Input<string>;

  /** The issuer in authentik's discovery document, byte by byte. */
  issuerUrl: pulumi.Input<string>;

  /** SHA-256 of the signing certificate, as hex bytes with colons. */
  signingFingerprint: pulumi.Input<string>;

  /** The groups claim of the realm. authentik's discovery document must list it. */
  groupsClaim?: pulumi.Input<string | undefined>;

  /** Origins at which people open Proxmox. Each is checked. */
  redirectUris: pulumi.Input<pulumi.Input<string>[]>;

  /** PEM of the CA that signed authentik's TLS certificate, unless it is a public one. */
  authentikCaCertificate?: pulumi.Input<string | undefined>;

  /**
   * Pinned SHA-256 fingerprint of authentik's TLS certificate. Refused otherwise: *must be a SHA-256
   * fingerprint: 64 hexadecimal digits, with or without colons*.
   */
  authentikFingerprint?: pulumi.Input<string | undefined>;

  /** A user of authentik for the proof's login. Without one, the proof covers every step before the login. */
  testUser?: pulumi.Input<{
    /** The user name in authentik. */
    username: pulumi.Input<string>;

    /** The stack config key (a secret) with the password. */
    passwordConfigKey: pulumi.Input<string>;
  } | undefined>;

  /** The version of Proxmox VE in the configuration, or empty. The server's own version is compared with it. */
  expectedProxmoxVersion?: pulumi.Input<string | undefined>;

  /**
   * Further values that the login depends on. A change repeats the proof.
   * @default `[]`
   */
  restsOn?: pulumi.Input<pulumi.Input<string>[] | undefined>;
}
