import { readFileSync } from "node:fs";
import { z } from "zod";
import { type Credentials, credentialKey } from "../core/credentials";
import { messageOf, UserError } from "../core/errors";
import { issueCertificate } from "../pki/certificate";
import { type OwnPair, type PemSource, readOwnPair } from "../pki/ownPair";
import { authentikVersions } from "./versions";

/** Location of an existing pair. Certificate and key are no inputs, so the state never contains the key. */
export const ownPair = z
  .strictObject({
    /** PEM file with the certificate and, after it, its chain; relative to the project directory. */
    certificatePath: z.string().min(1).optional(),
    /** The stack config key, in the namespace `pulumi-nodejs`, with that PEM. */
    certificateConfigKey: z.string().min(1).optional(),
    /** PEM file with the private key, not encrypted. */
    privateKeyPath: z.string().min(1).optional(),
    /** The stack config key (a secret, in the namespace `pulumi-nodejs`) with that PEM. */
    privateKeyConfigKey: z.string().min(1).optional(),
    /**
     * There is no private key. Others sign, and authentik verifies with this certificate (for example a brand's
     * `clientCertificates`).
     */
    certificateOnly: z.literal(true).optional(),
  })
  .refine(
    (pair) => (pair.certificatePath === undefined) !== (pair.certificateConfigKey === undefined),
    "needs either certificatePath or certificateConfigKey",
  )
  .refine(
    ({ privateKeyPath, privateKeyConfigKey, certificateOnly }) =>
      [privateKeyPath, privateKeyConfigKey, certificateOnly].filter((given) => given !== undefined).length ===
      1,
    "needs either privateKeyPath or privateKeyConfigKey (or certificateOnly, if nothing is signed with it)",
  );

type OwnPairInput = z.output<typeof ownPair>;

/** Inputs of a generated pair. */
export interface PairRequest {
  readonly commonName?: string | undefined;
  readonly subjectAltNames: readonly string[];
  readonly keySize: 2048 | 3072 | 4096;
  readonly validityDays: number;
  readonly signedBy?: { readonly certificate: string; readonly privateKeyConfigKey: string } | undefined;
}

/**
 * Reads the pair from its files or config keys.
 * @throws UserError if it is invalid
 */
export function loadOwnPair(
  input: OwnPairInput,
  credentials: Credentials,
  names: readonly string[] = [],
): OwnPair {
  const certificate = load(input.certificatePath, input.certificateConfigKey, credentials);
  const privateKey = input.certificateOnly
    ? undefined
    : load(input.privateKeyPath, input.privateKeyConfigKey, credentials);
  try {
    return readOwnPair(certificate, privateKey, names);
  } catch (error) {
    throw new UserError(`\`ownPair\`: ${messageOf(error)}.`);
  }
}

function load(path: string | undefined, key: string | undefined, credentials: Credentials): PemSource {
  if (path === undefined) {
    const configKey = key ?? "";
    return { pem: credentials.require(configKey), source: `config key "${credentialKey(configKey)}"` };
  }
  try {
    return { pem: readFileSync(path, "utf8"), source: path };
  } catch (error) {
    throw new UserError(`\`ownPair\`: ${path} cannot be read (${messageOf(error)}). Check path and rights.`);
  }
}

/** Whether the current certificate or its chain differs from the one that authentik got. */
export function ownPairChanged(input: OwnPairInput, given: string, credentials: Credentials): boolean {
  return loadOwnPair(input, credentials).certificate !== given.trim();
}

/** Elliptic-curve keys work with the versions that were tested. RSA works with all. */
export function warnOfUnmeasuredCurve(keyType: OwnPair["keyType"], version: string): void {
  if (version.startsWith(authentikVersions.measuredWithEllipticCurves)) return;
  console.warn(
    `The custom key pair has an ${keyType} key. Logins with such keys were tested with authentik ${authentikVersions.measuredWithEllipticCurves} and Proxmox VE 9.2 only, and this is authentik ${version}. If logins fail, use an RSA key.`,
  );
}

/** Generates a key pair. The private key is sent only to authentik. */
export async function generatePair(request: PairRequest, serialNumber: string, credentials: Credentials) {
  const issuer = request.signedBy && {
    certificate: request.signedBy.certificate,
    privateKey: credentials.require(request.signedBy.privateKeyConfigKey),
  };
  const wanted = { ...request, commonName: request.commonName ?? "", serialNumber };
  return issueCertificate(wanted, issuer);
}
