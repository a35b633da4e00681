// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.
import type * as pulumi from "@pulumi/pulumi";
import type { ProxmoxConnectionArgs } from "../../proxmox/args/connection";

/**
 * Arguments of `LoginProof`. The last step of an `up`: a login, link by link, whenever something it rests on
 * has changed.
 */
export interface LoginProofArgs {
  /** The connection to Proxmox VE. */
  proxmox: pulumi.Input<ProxmoxConnectionArgs>;

  /** The realm in which the login is tried. */
  realm: pulumi.Input<string>;

  /** What authentik's discovery document has to call itself, byte by byte. */
  issuerUrl: pulumi.Input<string>;

  /** SHA-256 of the signing certificate, as hex bytes with colons. */
  signingFingerprint: pulumi.Input<string>;

  /** The claim from which the realm takes groups: authentik's discovery document has to name it. */
  groupsClaim?: pulumi.Input<string | undefined>;

  /** Origins people open Proxmox at; each is checked. */
  redirectUris: pulumi.Input<pulumi.Input<string>[]>;

  /** PEM of the CA that signed authentik's TLS certificate, where it is not a public one. */
  authentikCaCertificate?: pulumi.Input<string | undefined>;

  /**
   * SHA-256 fingerprint of authentik's TLS certificate, where that is pinned. Refused otherwise: *must be a
   * SHA-256 fingerprint: 64 hexadecimal digits, with or without colons*.
   */
  authentikFingerprint?: pulumi.Input<string | undefined>;

  /** A user of authentik who logs in for the proof. Without one, everything up to the login is proved. */
  testUser?: pulumi.Input<{
    /** As authentik knows the user. */
    username: pulumi.Input<string>;

    /** The stack config key (a secret) with the password. */
    passwordConfigKey: pulumi.Input<string>;
  } | undefined>;

  /**
   * The version of Proxmox VE as the configuration says it; empty where it does not. The server's own is
   * compared with it.
   */
  expectedProxmoxVersion?: pulumi.Input<string | undefined>;

  /**
   * Anything else the login rests on; a change of it repeats the proof.
   * @default `[]`
   */
  restsOn?: pulumi.Input<pulumi.Input<string>[] | undefined>;
}
