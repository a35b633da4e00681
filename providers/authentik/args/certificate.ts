// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.
import type * as pulumi from "@pulumi/pulumi";
import type { AuthentikConnectionArgs } from "./connection";

/**
 * Arguments of `Certificate`. A key and X.509 certificate, made here or elsewhere and kept by authentik. The
 * private key is in no state file.
 */
export interface CertificateArgs {
  /** The connection to authentik. */
  authentik: pulumi.Input<AuthentikConnectionArgs>;

  /** Its name in authentik, where names of certificates are unique. */
  name: pulumi.Input<string>;

  /**
   * Needed unless there is an `ownPair`, as is `serialNumber`.
   * Text, at most 64 characters.
   */
  commonName?: pulumi.Input<string | undefined>;

  /**
   * Host names and IP addresses that the certificate is for; an `ownPair` must be for them.
   * @default `[]`
   */
  subjectAltNames?: pulumi.Input<pulumi.Input<string>[] | undefined>;

  /**
   * Bits of the RSA key. A login costs about 1.4 s more with 4096 than with 2048.
   * 2048, 3072 or 4096.
   * @default `2048`
   */
  keySize?: pulumi.Input<2048 | 3072 | 4096 | undefined>;

  /**
   * Days until it expires. Proxmox does not look at the expiry of a key that signs tokens.
   * Whole number, 1 to 36500.
   * @default `3650`
   */
  validityDays?: pulumi.Input<number | undefined>;

  /**
   * Days before it expires in which a preview shows a renewal and `up` makes a new pair under the same id.
   * Whole number, 0 to 36500.
   * @default 30, or a third of `validityDays` where that is less
   */
  renewBeforeDays?: pulumi.Input<number | undefined>;

  /**
   * Serial number, hexadecimal: a random one that is in the state before the first write proves that we made
   * it. Refused otherwise: *must be lower-case hexadecimal*.
   */
  serialNumber?: pulumi.Input<string | undefined>;

  /** The CA that signs it. Without one it signs itself. */
  signedBy?: pulumi.Input<{
    /** PEM of the CA's certificate. */
    certificate: pulumi.Input<string>;

    /** The stack config key (a secret) with the PEM of the CA's private key. */
    privateKeyConfigKey: pulumi.Input<string>;
  } | undefined>;

  /**
   * A pair that was made elsewhere, instead of a generated one. A change of the files is seen at preview.
   * Refused otherwise: *needs either certificatePath or certificateConfigKey*; *needs either privateKeyPath
   * or privateKeyConfigKey (or certificateOnly, where nothing is to be signed by it)*.
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
     * There is no private key: others sign, and authentik verifies by it (a brand's `clientCertificates`,
     * say).
     */
    certificateOnly?: pulumi.Input<true | undefined>;
  } | undefined>;

  /**
   * Bring a certificate that exists already under this stack; its key pair is replaced.
   * @default `false`
   */
  adopt?: pulumi.Input<boolean | undefined>;
}
