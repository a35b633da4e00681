// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.
import type * as pulumi from "@pulumi/pulumi";
import type { AuthentikConnectionArgs } from "../../authentik/args/connection";
import type { ProxmoxConnectionArgs } from "../../proxmox/args/connection";

/**
 * Arguments of `LoginProof`. The last step of an `up`: logs in, and checks each step of the login. It runs
 * again if a resource that the login needs has changed.
 */
export interface LoginProofArgs {
  /** The connection to Proxmox VE. */
  proxmox: pulumi.Input<ProxmoxConnectionArgs>;

  /**
   * Which product it is.
   * @default Proxmox VE
   */
  product?: pulumi.Input<"backup" | "datacenter-manager" | undefined>;

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
   * Pinned SHA-256 fingerprint of authentik's TLS certificate. Error: *must be a SHA-256 fingerprint: 64
   * hexadecimal digits, with or without colons*.
   */
  authentikFingerprint?: pulumi.Input<string | undefined>;

  /** A user of authentik for the proof's login, instead of one that the proof makes and removes. */
  testUser?: pulumi.Input<{
    /** The user name in authentik. */
    username: pulumi.Input<string>;

    /** The stack config key (a secret) with the password. */
    passwordConfigKey: pulumi.Input<string>;
  } | undefined>;

  /** The connection to authentik. */
  authentik?: pulumi.Input<AuthentikConnectionArgs | undefined>;

  /** What the login of the proof's own user depends on. */
  ownUser?: pulumi.Input<{
    /** The claim that becomes the user's name on Proxmox. */
    usernameClaim: pulumi.Input<string>;

    /** Name of a group without members that admits the user. Without it, everybody may use the application. */
    admittedBy?: pulumi.Input<string | undefined>;

    /**
     * If everybody may use the application: the group that admitted the user while there was an `access`. Its
     * bindings deny the user until the end of the `up` that removes them.
     */
    formerlyAdmittedBy?: pulumi.Input<string | undefined>;

    /** Whether a user in no group must be refused. */
    refusesOthers: pulumi.Input<boolean>;

    /** Groups of authentik whose roles may be tried. */
    groups: pulumi.Input<pulumi.Input<{
      /** The group's name in authentik. */
      name: pulumi.Input<string>;

      /** ACL paths on which the group has roles. */
      paths: pulumi.Input<pulumi.Input<string>[]>;
    }>[]>;
  } | undefined>;

  /**
   * Whether to refuse a superuser of authentik as the test user.
   * @default `false`
   */
  production?: pulumi.Input<boolean | undefined>;

  /** The version of Proxmox VE in the configuration, or empty. The server's own version is compared with it. */
  expectedProxmoxVersion?: pulumi.Input<string | undefined>;

  /**
   * Further values that the login depends on. A change repeats the proof.
   * @default `[]`
   */
  restsOn?: pulumi.Input<pulumi.Input<string>[] | undefined>;
}
