import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { certificatesIn, hasPrivateKey } from "../http/pem";

/** A PEM text and its source, for messages. */
export interface PemSource {
  readonly pem: string;
  readonly source: string;
}

export interface OwnPair {
  /** The certificate, followed by its chain, as PEM. */
  readonly certificate: string;
  /** Empty if there is only a certificate. */
  readonly privateKey: string;
  readonly keyType: "RSA" | "EC P-256" | "EC P-384" | undefined;
}

type UsableType = NonNullable<OwnPair["keyType"]>;

/** An error in a certificate or key, with its fix. */
class PairError extends Error {}

const smallestRsaKey = 2048;
/** Keys are Node's curve names. */
const curves: Readonly<Record<string, UsableType>> = {
  prime256v1: "EC P-256",
  secp384r1: "EC P-384",
};

/**
 * Checks a custom certificate and key, in a form that both servers can use. authentik accepts nearly everything, and
 * logins fail later: mismatched keys, key types that Proxmox cannot verify, expired certificates.
 * @param privateKey undefined for a certificate whose key somebody else keeps
 * @param names required host names and IP addresses
 * @throws PairError
 */
export function readOwnPair(
  certificate: PemSource,
  privateKey: PemSource | undefined,
  names: readonly string[] = [],
  now = new Date(),
): OwnPair {
  const chain = readChain(certificate);
  const keyType = privateKey && typeOfKeyFor(chain, certificate, privateKey);
  const [leaf] = chain;
  if (leaf) {
    requireValidNow(leaf, certificate.source, now);
    requireNames(leaf, certificate.source, names);
  }
  requireOrder(chain, certificate.source);
  return {
    certificate: chain.map((item) => item.toString().trim()).join("\n"),
    privateKey: privateKey?.pem.trim() ?? "",
    keyType,
  };
}

function typeOfKeyFor(
  [leaf, ...others]: readonly X509Certificate[],
  certificate: PemSource,
  privateKey: PemSource,
): UsableType {
  const key = readPrivateKey(privateKey);
  const type = usableType(key, privateKey.source);
  if (leaf?.checkPrivateKey(key)) return type;
  throw new PairError(
    `the private key in ${privateKey.source} does not belong to the certificate in ${certificate.source}` +
      `${others.some((other) => other.checkPrivateKey(key)) ? ": its own certificate must come first, before the chain" : ""}`,
  );
}

/** Why a text is not a usable private key. Continues after the option's name. */
export function problemWithPrivateKey(pem: string): string | undefined {
  if (!hasPrivateKey(pem)) {
    return "must be the PEM text of a private key, RSA or EC (-----BEGIN PRIVATE KEY----- …)";
  }
  try {
    usableType(readPrivateKey({ pem, source: "it" }), "it");
    return undefined;
  } catch (error) {
    if (error instanceof PairError) return `cannot be used: ${error.message}`;
    throw error;
  }
}

/** Whether a private key matches the first certificate in a PEM text. */
export function belongs(privateKey: string, certificate: string): boolean {
  return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(privateKey));
}

function readChain({ pem, source }: PemSource): X509Certificate[] {
  const blocks = certificatesIn(pem);
  if (blocks.length === 0) {
    throw new PairError(
      `${source} has no certificate: it must be PEM (-----BEGIN CERTIFICATE----- …), the server's own first, then its chain`,
    );
  }
  return blocks.map((block, index) => {
    try {
      return new X509Certificate(block);
    } catch {
      throw new PairError(`certificate ${index + 1} in ${source} cannot be read: the PEM is damaged`);
    }
  });
}

function readPrivateKey({ pem, source }: PemSource): KeyObject {
  if (/ENCRYPTED/.test(pem)) {
    throw new PairError(
      `the private key in ${source} is encrypted, which authentik cannot use: decrypt it with openssl pkey -in <file> -out <new file>`,
    );
  }
  try {
    return createPrivateKey(pem);
  } catch {
    throw new PairError(
      `${source} has no private key that can be read: it must be PEM (-----BEGIN PRIVATE KEY----- …)`,
    );
  }
}

function usableType(key: KeyObject, source: string): UsableType {
  const { modulusLength = 0, namedCurve = "" } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === "rsa") {
    if (modulusLength >= smallestRsaKey) return "RSA";
    throw new PairError(
      `the RSA key in ${source} has ${modulusLength} bits: it must have ${smallestRsaKey} or more`,
    );
  }
  const curve = key.asymmetricKeyType === "ec" ? curves[namedCurve] : undefined;
  if (curve) return curve;
  throw new PairError(
    `the private key in ${source} is of type ${[key.asymmetricKeyType, namedCurve].join(" ").trim()}, which authentik or Proxmox cannot use. Use RSA (works with every version), EC P-256 or EC P-384`,
  );
}

function requireValidNow(leaf: X509Certificate, source: string, now: Date): void {
  if (new Date(leaf.validTo) <= now) {
    throw new PairError(`the certificate in ${source} expired on ${leaf.validTo}: renew it`);
  }
  if (new Date(leaf.validFrom) > now) {
    throw new PairError(
      `the certificate in ${source} is not valid before ${leaf.validFrom}: check this machine's clock, or wait`,
    );
  }
}

function requireNames(leaf: X509Certificate, source: string, names: readonly string[]): void {
  for (const name of names) {
    if (isIP(name) ? leaf.checkIP(name) : leaf.checkHost(name)) continue;
    throw new PairError(
      `the certificate in ${source} is not for ${name} (it has ${leaf.subjectAltName ?? "no subject alternative name"}): issue one for that name`,
    );
  }
}

function requireOrder(chain: readonly X509Certificate[], source: string): void {
  for (const [index, issuer] of chain.slice(1).entries()) {
    if (chain[index]?.checkIssued(issuer)) continue;
    throw new PairError(
      `certificate ${index + 2} in ${source} is not the issuer of the one before it: order the chain from the server's certificate upwards`,
    );
  }
}
