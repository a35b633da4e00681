import { X509Certificate } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { issueCertificate, randomSerialNumber } from "../../pki/certificate";
import type { Credentials } from "../core/credentials";
import type { ResourceDefinition } from "../core/definition";
import { unlessGone } from "../core/gone";
import { type ArgsOf, DefinedResource } from "../core/resource";
import type { AuthentikClient } from "./client";
import { authentikConnection, connectAuthentik } from "./connection";
import type { CertificateKeyPair } from "./wire";

const inputs = z.object({
  authentik: authentikConnection,
  /** Its name in authentik, where names of certificates are unique. */
  name: z.string().trim().min(1),
  commonName: z.string().trim().min(1).max(64),
  /** Host names and IP addresses that the certificate is for. */
  subjectAltNames: z.array(z.string().min(1)).default([]),
  /** Bits of the RSA key. A login costs about 1.4 s more with 4096 than with 2048. */
  keySize: z.union([z.literal(2048), z.literal(3072), z.literal(4096)]).default(2048),
  /** Days until it expires. Proxmox does not look at the expiry of a key that signs tokens. */
  validityDays: z.int().min(1).max(36_500).default(3650),
  /** Serial number, hexadecimal: a random one that is in the state before the first write proves that we made it. */
  serialNumber: z.string().regex(/^[0-9a-f]{2,40}$/, "must be lower-case hexadecimal"),
  /** The CA that signs it. Without one it signs itself. */
  signedBy: z
    .strictObject({
      /** PEM of the CA's certificate. */
      certificate: z.string().min(1),
      /** The stack config key (a secret) with the PEM of the CA's private key. */
      privateKeyConfigKey: z.string().min(1),
    })
    .optional(),
  /** Bring a certificate that exists already under this stack; its key pair is replaced. */
  adopt: z.boolean().default(false),
});

type Inputs = z.output<typeof inputs>;

interface Outputs {
  pk: string;
  fingerprint: string;
  /** The certificate as PEM; it is public. */
  certificatePem: string;
}

interface Remote {
  readonly pair: CertificateKeyPair;
  readonly pem: string;
  readonly serialNumber: string;
}

interface Client {
  readonly api: AuthentikClient;
  readonly credentials: Credentials;
}

/** What the key pair is made from: a change of any makes a new pair under the same id. */
const pairInputs = [
  "commonName",
  "subjectAltNames",
  "keySize",
  "validityDays",
  "serialNumber",
  "signedBy",
] as const;

export const certificateDefinition: ResourceDefinition<typeof inputs, Remote, Outputs, Client> = {
  type: "authentik:Certificate",
  title: "authentik certificate",
  inputs,
  replaceOn: [],
  namesAreUnique: true,
  secrets: [],
  id: ({ name }) => name,
  connect: ({ authentik }, credentials) => ({ api: connectAuthentik(authentik, credentials), credentials }),

  async find({ api }, wanted) {
    const [pair] = await api.certificates.list({ name: wanted.name });
    if (pair === undefined) return undefined;
    const remote = await withPem(api, pair);
    return {
      remote,
      ours: remote.serialNumber === wanted.serialNumber && pair.private_key_available,
      description: `A certificate "${pair.name}" with serial number ${remote.serialNumber}`,
    };
  },

  async create(client, wanted) {
    const { serialNumber, pem, body } = await newPair(client, wanted, wanted.serialNumber);
    const pair = await client.api.certificates.create({ name: wanted.name, ...body });
    return { pair, pem, serialNumber };
  },

  async read({ api }, state) {
    const pair = await unlessGone(api.certificates.get(state.pk));
    if (pair === undefined) return undefined;
    const unchanged = pair.fingerprint_sha256 === state.fingerprint;
    return unchanged
      ? { pair, pem: state.certificatePem, serialNumber: state.serialNumber }
      : withPem(api, pair);
  },

  async update(client, current, wanted, changed) {
    const rename = changed.has("name") ? { name: wanted.name } : {};
    if (pairInputs.some((key) => changed.has(key))) {
      const { pem, body } = await newPair(client, wanted, randomSerialNumber());
      const pair = await client.api.certificates.patch(current.pk, { ...rename, ...body });
      return { pair, pem, serialNumber: wanted.serialNumber };
    }
    const pair = await client.api.certificates.patch(current.pk, rename);
    return { pair, pem: current.certificatePem, serialNumber: current.serialNumber };
  },

  async delete({ api }, state) {
    await unlessGone(api.certificates.delete(state.pk));
  },

  observe: ({ pair, serialNumber }) => ({
    name: pair.name,
    serialNumber: pair.private_key_available ? serialNumber : "",
  }),

  outputs: ({ pair, pem }) => ({
    pk: pair.pk,
    fingerprint: pair.fingerprint_sha256 ?? "",
    certificatePem: pem,
  }),
};

/** A fresh key pair. The private key goes from here to authentik and nowhere else. */
async function newPair({ credentials }: Client, wanted: Inputs, serialNumber: string) {
  const issuer = wanted.signedBy && {
    certificate: wanted.signedBy.certificate,
    privateKey: credentials.require(wanted.signedBy.privateKeyConfigKey),
  };
  const pair = await issueCertificate({ ...wanted, serialNumber }, issuer);
  return {
    serialNumber,
    pem: pair.certificate,
    body: { certificate_data: pair.certificate, key_data: pair.privateKey },
  };
}

async function withPem(api: AuthentikClient, pair: CertificateKeyPair): Promise<Remote> {
  const pem = await api.certificatePem(pair.pk);
  return { pair, pem, serialNumber: new X509Certificate(pem).serialNumber.toLowerCase() };
}

export type CertificateArgs = ArgsOf<typeof inputs>;

/** An RSA key and X.509 certificate, made here and kept by authentik. The private key is in no state file. */
export class Certificate extends DefinedResource<typeof inputs> {
  /** Its id in authentik. */
  declare readonly pk: pulumi.Output<string>;
  /** SHA-256 of the certificate, as hex bytes with colons. */
  declare readonly fingerprint: pulumi.Output<string>;
  /** The certificate as PEM; it is public. */
  declare readonly certificatePem: pulumi.Output<string>;

  constructor(name: string, args: CertificateArgs, options?: pulumi.CustomResourceOptions) {
    super(certificateDefinition, ["pk", "fingerprint", "certificatePem"], name, args, options);
  }
}
