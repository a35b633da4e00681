import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { z } from "zod";
import { type Credentials, credentialKey } from "../core/credentials";
import { messageOf, UserError } from "../core/errors";
import { issueCertificate } from "../pki/certificate";
import { type OwnPair, type PemSource, readOwnPair } from "../pki/ownPair";
import type { AuthentikClient } from "./client";
import { askAuthentikVersion, authentikVersions } from "./versions";

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

/** The inputs of the pair. */
interface PairRequest {
  readonly ownPair?: OwnPairInput | undefined;
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

/** Whether both are the same certificate, whatever chain follows it. */
export function isSameCertificate(one: string, other: string): boolean {
  return new X509Certificate(one).fingerprint256 === new X509Certificate(other).fingerprint256;
}

/** The pair for authentik: the existing one, or a generated one. Only authentik gets the private key. */
export async function pairFor(
  wanted: PairRequest,
  serialNumber: string,
  { api, credentials }: { readonly api: AuthentikClient; readonly credentials: Credentials },
) {
  const pair = wanted.ownPair
    ? await testedPair(loadOwnPair(wanted.ownPair, credentials), api)
    : await generatedPair(wanted, serialNumber, credentials);
  return {
    pem: pair.certificate,
    body: { certificate_data: pair.certificate, key_data: pair.privateKey },
  };
}

/** Warns of an untested elliptic curve. RSA works with all versions. */
async function testedPair(pair: OwnPair, api: AuthentikClient): Promise<OwnPair> {
  if (!pair.keyType?.startsWith("EC")) return pair;
  const version = await askAuthentikVersion(api);
  const tested = authentikVersions.measuredWithEllipticCurves;
  if (!version.startsWith(tested)) {
    console.warn(
      `The custom key pair has an ${pair.keyType} key. Logins with such keys were tested with authentik ${tested} and Proxmox VE 9.2 only, and this is authentik ${version}. If logins fail, use an RSA key.`,
    );
  }
  return pair;
}

function generatedPair(request: PairRequest, serialNumber: string, credentials: Credentials) {
  const issuer = request.signedBy && {
    certificate: request.signedBy.certificate,
    privateKey: credentials.require(request.signedBy.privateKeyConfigKey),
  };
  const wanted = { ...request, commonName: request.commonName ?? "", serialNumber };
  return issueCertificate(wanted, issuer);
}
