// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.
import type * as pulumi from "@pulumi/pulumi";
import type { AuthentikConnectionArgs } from "./connection";

/**
 * Arguments of `Certificate`. A key and an X.509 certificate, generated or existing, which authentik stores.
 * The private key is in no state file.
 */
export interface CertificateArgs {
  /** The connection to authentik. */
  authentik: pulumi.Input<AuthentikConnectionArgs>;

  /** Name in authentik. Names of certificates are unique there. */
  name: pulumi.Input<string>;

  /**
   * Common name of the certificate. It and `serialNumber` are required, unless you set `ownPair`.
   * Text, at most 64 characters.
   */
  commonName?: pulumi.Input<string | undefined>;

  /**
   * Host names and IP addresses of the certificate. An `ownPair` must include them.
   * @default `[]`
   */
  subjectAltNames?: pulumi.Input<pulumi.Input<string>[] | undefined>;

  /**
   * Size of the RSA key in bits. A login takes about 1.4 s longer with 4096 than with 2048.
   * 2048, 3072 or 4096.
   * @default `2048`
   */
  keySize?: pulumi.Input<2048 | 3072 | 4096 | undefined>;

  /**
   * Days until the certificate expires. Proxmox does not check the expiry of a key that signs tokens.
   * Whole number, 1 to 36500.
   * @default `3650`
   */
  validityDays?: pulumi.Input<number | undefined>;

  /**
   * Days before the expiry in which a preview shows a renewal, and `up` creates a new pair with the same id.
   * Whole number, 0 to 36500.
   * @default 30, or a third of `validityDays` where that is less
   */
  renewBeforeDays?: pulumi.Input<number | undefined>;

  /**
   * Serial number, hexadecimal. A random one that is in the state before the first write proves ownership.
   * Error: *must be lower-case hexadecimal*.
   */
  serialNumber?: pulumi.Input<string | undefined>;

  /** The CA that signs the certificate. Without one, the certificate is self-signed. */
  signedBy?: pulumi.Input<{
    /** PEM of the CA's certificate. */
    certificate: pulumi.Input<string>;

    /** The stack config key (a secret) with the PEM of the CA's private key. */
    privateKeyConfigKey: pulumi.Input<string>;
  } | undefined>;

  /**
   * An existing certificate and key, instead of generated ones. The preview detects a change of the files.
   * Errors: *needs either certificatePath or certificateConfigKey*. *needs either privateKeyPath or
   * privateKeyConfigKey (or certificateOnly, if nothing is signed with it)*.
   */
  ownPair?: pulumi.Input<{
    /** PEM file with the certificate and, after it, its chain; relative to the project directory. */
    certificatePath?: pulumi.Input<string | undefined>;

    /** The stack config key, in the namespace `pulumi-nodejs`, with that PEM. */
    certificateConfigKey?: pulumi.Input<string | undefined>;

    /** PEM file with the private key, not encrypted. */
    privateKeyPath?: pulumi.Input<string | undefined>;

    /** The stack config key (a secret, in the namespace `pulumi-nodejs`) with that PEM. */
    privateKeyConfigKey?: pulumi.Input<string | undefined>;

    /**
     * There is no private key. Others sign, and authentik verifies with this certificate (for example a
     * brand's `clientCertificates`).
     */
    certificateOnly?: pulumi.Input<true | undefined>;
  } | undefined>;

  /**
   * Take over a certificate that exists already. Its key pair is replaced.
   * @default `false`
   */
  adopt?: pulumi.Input<boolean | undefined>;
}
