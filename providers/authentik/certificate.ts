import { X509Certificate } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { Credentials } from "../core/credentials";
import type { ResourceDefinition } from "../core/definition";
import { messageOf } from "../core/errors";
import { undefinedIfMissing } from "../core/gone";
import { DefinedResource } from "../core/resource";
import { hasUnknown } from "../core/unknown";
import { randomSerialNumber } from "../pki/certificate";
import { namesRefusedBy } from "../pki/nameConstraints";
import type { CertificateArgs } from "./args/certificate";
import { isSameCertificate, loadOwnPair, ownPair, ownPairChanged, pairFor } from "./certificatePair";
import type { AuthentikClient } from "./client";
import { authentikConnection, connectAuthentik } from "./connection";
import { noteKey } from "./signingKeys";
import type { CertificateKeyPair } from "./wire";

export const defaultKeySize = 2048;

const inputs = z.object({
  authentik: authentikConnection,
  /** Name in authentik. Names of certificates are unique there. */
  name: z.string().trim().min(1),
  /** Common name of the certificate. It and `serialNumber` are required, unless you set `ownPair`. */
  commonName: z.string().trim().min(1).max(64).optional(),
  /** Host names and IP addresses of the certificate. An `ownPair` must include them. */
  subjectAltNames: z.array(z.string().min(1)).default([]),
  /** Size of the RSA key in bits. A login takes about 1.4 s longer with 4096 than with 2048. */
  keySize: z
    .union([z.literal(2048), z.literal(3072), z.literal(4096)], "must be 2048, 3072 or 4096")
    .default(defaultKeySize),
  /** Days until the certificate expires. Proxmox does not check the expiry of a key that signs tokens. */
  validityDays: z.int().min(1).max(36_500).default(3650),
  /**
   * Days before the expiry in which a preview shows a renewal, and `up` creates a new pair with the same id.
   * @default 30, or a third of `validityDays` where that is less
   */
  renewBeforeDays: z.int().min(0).max(36_500).optional(),
  /** Serial number, hexadecimal. A random one that is in the state before the first write proves ownership. */
  serialNumber: z
    .string()
    .regex(/^[0-9a-f]{2,40}$/, "must be lower-case hexadecimal")
    .optional(),
  /** The CA that signs the certificate. Without one, the certificate is self-signed. */
  signedBy: z
    .strictObject({
      /** PEM of the CA's certificate. */
      certificate: z.string().min(1),
      /** The stack config key (a secret) with the PEM of the CA's private key. */
      privateKeyConfigKey: z.string().min(1),
    })
    .optional(),
  /** An existing certificate and key, instead of generated ones. The preview detects a change of the files. */
  ownPair: ownPair.optional(),
  /** Take over a certificate that exists already. Its key pair is replaced. */
  adopt: z.boolean().default(false),
});

interface Outputs {
  pk: string;
  fingerprint: string;
  /** The certificate as PEM. It is public. */
  certificatePem: string;
}

interface Remote {
  readonly pair: CertificateKeyPair;
  readonly pem: string;
  readonly serialNumber: string;
  /** Whether authentik has another key pair than the one that this stack uploaded. */
  readonly foreign: boolean;
}

interface Client {
  readonly api: AuthentikClient;
  readonly credentials: Credentials;
}

/** Inputs of the key pair. A change creates a new pair under the same id. */
const pairInputs = [
  "commonName",
  "subjectAltNames",
  "keySize",
  "validityDays",
  "serialNumber",
  "signedBy",
  "ownPair",
] as const;

const dayMilliseconds = 86_400_000;
const usualRenewBeforeDays = 30;

/** The number of days before the expiry in which `up` renews a generated certificate. */
export function renewalDays({
  renewBeforeDays,
  validityDays,
}: {
  renewBeforeDays?: number | undefined;
  validityDays: number;
}): number {
  return renewBeforeDays ?? Math.min(usualRenewBeforeDays, validityDays / 3);
}

export const certificateDefinition: ResourceDefinition<typeof inputs, Remote, Outputs, Client> = {
  type: "authentik:Certificate",
  title: "authentik certificate",
  inputs,
  ownership: {
    keys: ({ pk }) => [pk],
    matches: ({ pair }, { pk }) => pair.pk === pk,
    // A stack that adopts a certificate replaces its key pair.
    mayDelete: ({ foreign }) => !foreign,
  },
  replaceOn: [],
  namesAreUnique: true,
  secrets: [],
  id: ({ name }) => name,
  connect: ({ authentik }, credentials) => ({ api: connectAuthentik(authentik, credentials), credentials }),

  async validate(wanted, credentials) {
    if (wanted.ownPair) {
      if (wanted.signedBy) return [{ property: "signedBy", reason: "does not go together with `ownPair`" }];
      try {
        loadOwnPair(wanted.ownPair, credentials, wanted.subjectAltNames);
        return [];
      } catch (error) {
        return [{ property: "ownPair", reason: messageOf(error) }];
      }
    }
    const missing = (["commonName", "serialNumber"] as const).filter((key) => wanted[key] === undefined);
    if (missing.length > 0) {
      return missing.map((property) => ({ property, reason: "is needed unless there is an `ownPair`" }));
    }
    if ((wanted.renewBeforeDays ?? 0) >= wanted.validityDays) {
      return [{ property: "renewBeforeDays", reason: "must be less than `validityDays`" }];
    }
    return wanted.signedBy ? refusedNames(wanted.signedBy.certificate, wanted.subjectAltNames) : [];
  },

  stale(state, wanted, credentials) {
    if (hasUnknown(wanted.ownPair) || !state.certificatePem) return [];
    if (wanted.ownPair) {
      return ownPairChanged(wanted.ownPair, state.certificatePem, credentials) ? ["ownPair"] : [];
    }
    const expiry = Date.parse(new X509Certificate(state.certificatePem).validTo);
    return expiry - Date.now() <= renewalDays(wanted) * dayMilliseconds ? ["validityDays"] : [];
  },

  async find({ api, credentials }, wanted) {
    const [pair] = await api.certificates.list({ name: wanted.name });
    if (pair === undefined) return undefined;
    const remote = await withPem(api, pair);
    // Equal private keys prove ownership of an `ownPair`, because only its owner has the key. Certificates are
    // public.
    const ours =
      pair.private_key_available &&
      (wanted.ownPair
        ? isSameCertificate(loadOwnPair(wanted.ownPair, credentials).certificate, remote.pem)
        : remote.serialNumber === wanted.serialNumber);
    return {
      remote: { ...remote, foreign: !ours },
      ours,
      description: `A certificate "${pair.name}" with serial number ${remote.serialNumber}`,
    };
  },

  async create(client, wanted) {
    const serialNumber = wanted.serialNumber ?? "";
    const { pem, body } = await pairFor(wanted, serialNumber, client);
    const pair = await client.api.certificates.create({ name: wanted.name, ...body });
    noteKey(client.api, pair);
    return { pair, pem, serialNumber, foreign: false };
  },

  async read({ api }, state) {
    const pair = await undefinedIfMissing(api.certificates.read(state.pk));
    if (pair === undefined) return undefined;
    const unchanged = pair.fingerprint_sha256 === state.fingerprint;
    return unchanged
      ? {
          pair,
          pem: state.certificatePem,
          serialNumber: state.serialNumber ?? "",
          foreign: pair.private_key_available === (state.ownPair?.certificateOnly ?? false),
        }
      : { ...(await withPem(api, pair)), foreign: true };
  },

  async update(client, current, wanted, changed) {
    const rename = changed.has("name") ? { name: wanted.name } : {};
    const serialNumber = wanted.serialNumber ?? "";
    if (pairInputs.some((key) => changed.has(key))) {
      const { pem, body } = await pairFor(wanted, randomSerialNumber(), client);
      const pair = await client.api.certificates.patch(current.pk, { ...rename, ...body });
      noteKey(client.api, pair);
      return { pair, pem, serialNumber, foreign: false };
    }
    const pair = await client.api.certificates.patch(current.pk, rename);
    return { pair, pem: current.certificatePem, serialNumber, foreign: false };
  },

  async delete({ api }, state) {
    await undefinedIfMissing(api.certificates.delete(state.pk));
  },

  observe({ pair, serialNumber, foreign }, state) {
    if (state.ownPair) return { name: pair.name, ownPair: foreign ? undefined : state.ownPair };
    return { name: pair.name, serialNumber: pair.private_key_available ? serialNumber : "" };
  },

  outputs: ({ pair, pem }) => ({
    pk: pair.pk,
    fingerprint: pair.fingerprint_sha256 ?? "",
    certificatePem: pem,
  }),
};

/** Names for which every client, including Proxmox, would refuse the certificate. */
async function refusedNames(caPem: string, names: readonly string[]) {
  const refused = await namesRefusedBy(caPem, names);
  if (refused.length === 0) return [];
  const reason = `is a CA whose name constraints do not allow ${refused.join(", ")}: create one for the new address, as docs/rotation.md describes`;
  return [{ property: "signedBy" as const, reason }];
}

export async function withPem(api: AuthentikClient, pair: CertificateKeyPair) {
  const pem = await api.certificatePem(pair.pk);
  return { pair, pem, serialNumber: new X509Certificate(pem).serialNumber.toLowerCase() };
}

export type { CertificateArgs };

/**
 * A key and an X.509 certificate, generated or existing, which authentik stores. The private key is in no state file.
 */
export class Certificate extends DefinedResource<typeof inputs, CertificateArgs> {
  /** Its id in authentik. */
  declare readonly pk: pulumi.Output<string>;
  /** SHA-256 of the certificate, as hex bytes with colons. */
  declare readonly fingerprint: pulumi.Output<string>;
  /** The certificate as PEM. It is public. */
  declare readonly certificatePem: pulumi.Output<string>;

  constructor(name: string, args: CertificateArgs, options?: pulumi.CustomResourceOptions) {
    super(certificateDefinition, ["pk", "fingerprint", "certificatePem"], name, args, options);
  }
}
