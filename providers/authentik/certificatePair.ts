import { readFileSync } from "node:fs";
import { z } from "zod";
import { type Credentials, credentialKey } from "../core/credentials";
import { messageOf, UserError } from "../core/errors";
import { Limit } from "../core/limit";
import { issueCertificate } from "../pki/certificate";
import { type OwnPair, type PemSource, readOwnPair } from "../pki/ownPair";
import { authentikVersions } from "./versions";

/** Where a pair that was made elsewhere lies. Neither half is an input, so that no key gets into a state file. */
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
    "needs either privateKeyPath or privateKeyConfigKey (or certificateOnly, where nothing is to be signed by it)",
  );

/** More at a time would only make the first one late, for which authentik waits. */
const keyGeneration = new Limit(2);

type OwnPairInput = z.output<typeof ownPair>;

/** What a generated pair is made from. */
export interface PairRequest {
  readonly commonName?: string | undefined;
  readonly subjectAltNames: readonly string[];
  readonly keySize: 2048 | 3072 | 4096;
  readonly validityDays: number;
  readonly signedBy?: { readonly certificate: string; readonly privateKeyConfigKey: string } | undefined;
}

/** The pair as it lies there now. @throws UserError that says what is wrong with it */
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

/** Whether what lies there differs from the certificate, with its chain, that authentik was given. */
export function ownPairChanged(input: OwnPairInput, given: string, credentials: Credentials): boolean {
  return loadOwnPair(input, credentials).certificate !== given.trim();
}

/** Elliptic-curve keys work where they were measured; elsewhere nobody knows, and RSA is right everywhere. */
export function warnOfUnmeasuredCurve(keyType: OwnPair["keyType"], version: string): void {
  if (version.startsWith(authentikVersions.measuredWithEllipticCurves)) return;
  console.warn(
    `The own pair has an ${keyType} key. Logins with such keys were measured with authentik ${authentikVersions.measuredWithEllipticCurves} and Proxmox VE 9.2 only, and this is authentik ${version}. If logins fail, use an RSA key.`,
  );
}

/** A fresh key pair. The private key goes from here to authentik and nowhere else. */
export async function generatePair(request: PairRequest, serialNumber: string, credentials: Credentials) {
  const issuer = request.signedBy && {
    certificate: request.signedBy.certificate,
    privateKey: credentials.require(request.signedBy.privateKeyConfigKey),
  };
  const wanted = { ...request, commonName: request.commonName ?? "", serialNumber };
  return keyGeneration.run(() => issueCertificate(wanted, issuer));
}
