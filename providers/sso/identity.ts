import { createHmac, randomBytes } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { Credentials } from "../core/credentials";
import type { ResourceDefinition } from "../core/definition";
import { nothingToOwn } from "../core/ownership";
import { DefinedResource } from "../core/resource";
import { prepareKey, randomSerialNumber, serialNumberOf } from "../pki/certificate";
import type { SharedValuesArgs } from "./args/identity";
import { sameWhenEncoded } from "./basicCredential";
import { reportUnrecorded, usedOn } from "./unrecorded";

/** The length of client IDs that authentik generates (authentik/lib/generators.py). */
const clientIdLength = 40;
const clientSecretLength = 128;

const inputs = z.object({
  /** A client ID to use instead of a random one. */
  givenClientId: sameWhenEncoded.optional(),
  /** A client secret to use instead of a random one. */
  givenClientSecret: sameWhenEncoded.optional(),
  /**
   * Random text that stays the same if the resource gets another name. The values that prove ownership derive from it,
   * and a renamed resource recognizes its objects. Without it, these values are random.
   */
  seed: z.string().min(1).optional(),
  /** Size of the RSA key of a certificate that follows. The key is generated before authentik is asked for anything. */
  keySize: z.int().min(2048).max(4096).optional(),
  /**
   * The servers with the objects that have these values. A destroy looks there for objects of an interrupted run,
   * and names them.
   */
  usedOn,
  /** The product of the Proxmox in `usedOn`, if it is not Proxmox VE. */
  usedOnProduct: z.enum(["backup", "datacenter-manager"]).optional(),
});

type Inputs = z.output<typeof inputs>;

interface Outputs {
  clientId: string;
  clientSecret: string;
  serialNumber: string;
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Letters and digits with equal probability. */
function randomText(length: number): string {
  const limit = 256 - (256 % alphabet.length);
  let text = "";
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < limit && text.length < length) text += alphabet[byte % alphabet.length];
    }
  }
  return text;
}

/** 64 bytes that only somebody with the seed can compute. */
function derived(seed: string, purpose: string): Buffer {
  return createHmac("sha512", seed).update(purpose).digest();
}

/** The client ID that derives from this seed. A random one without a seed. */
export function newClientId(seed: string | undefined): string {
  if (seed === undefined) return randomText(clientIdLength);
  const letters = [...derived(seed, "client ID")].map((byte) => alphabet[byte % alphabet.length]);
  return letters.slice(0, clientIdLength).join("");
}

function outputs({ givenClientId, givenClientSecret, seed }: Inputs, previous?: Outputs): Outputs {
  return {
    clientId: givenClientId ?? previous?.clientId ?? newClientId(seed),
    // Never derived from the seed, which is not secret.
    clientSecret: givenClientSecret ?? previous?.clientSecret ?? randomText(clientSecretLength),
    serialNumber:
      previous?.serialNumber ??
      (seed === undefined ? randomSerialNumber() : serialNumberOf(derived(seed, "serial number"))),
  };
}

export const identityDefinition: ResourceDefinition<typeof inputs, Outputs, Outputs, Credentials> = {
  type: "sso:Identity",
  title: "SSO identity",
  inputs,
  ownership: nothingToOwn,
  notCompared: ["seed", "keySize"],
  comparedOnceRecorded: ["usedOn", "usedOnProduct"],
  staysWhileDeclared: true,
  replaceOn: [],
  secrets: ["givenClientSecret", "clientSecret"],
  id: () => "identity",
  connect: (_inputs, credentials) => credentials,
  find: async () => undefined,
  async create(_client, wanted) {
    if (wanted.keySize !== undefined) prepareKey(wanted.keySize);
    return outputs(wanted);
  },
  read: async (_client, state) => state,
  async update(_client, current, wanted, changed) {
    return outputs(wanted, {
      ...current,
      // A value that is no longer configured is replaced by a random one.
      ...(changed.has("givenClientId") && { clientId: randomText(clientIdLength) }),
      ...(changed.has("givenClientSecret") && { clientSecret: randomText(clientSecretLength) }),
    });
  },
  delete: async (credentials, { usedOn, usedOnProduct, ...values }) => {
    if (usedOn) await reportUnrecorded(usedOn, usedOnProduct, values, credentials);
  },
  observe: () => ({}),
  outputs: ({ clientId, clientSecret, serialNumber }) => ({ clientId, clientSecret, serialNumber }),
};

export type { SharedValuesArgs };

/**
 * The random values that both servers get. They are in the state before the first write to a server. After an
 * interrupted run, they prove that an object belongs to the stack.
 */
export class SharedValues extends DefinedResource<typeof inputs, SharedValuesArgs> {
  /** The configured one, or 40 random characters. */
  declare readonly clientId: pulumi.Output<string>;
  /** The configured one, or 128 random characters. Encrypted in the state. */
  declare readonly clientSecret: pulumi.Output<string>;
  /** Serial number for certificates, hexadecimal. */
  declare readonly serialNumber: pulumi.Output<string>;

  constructor(name: string, args: SharedValuesArgs = {}, options?: pulumi.CustomResourceOptions) {
    super(identityDefinition, ["clientId", "clientSecret", "serialNumber"], name, args, options);
  }
}

/** @deprecated The former name of `SharedValuesArgs`. */
export type IdentityArgs = SharedValuesArgs;

/** @deprecated The former name of `SharedValues`: in OpenID Connect an identity is a person. */
export class Identity extends SharedValues {}
