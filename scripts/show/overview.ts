import { X509Certificate } from "node:crypto";
import { z } from "zod";

const text = z.string().catch("");
const list = z.array(z.string()).catch([]);

const properties = z.record(z.string(), z.unknown()).default({});

/** What was given and what came out of it, in one. */
const stateResource = z
  .object({
    type: z.string(),
    parent: z.string().optional(),
    modified: z.string().optional(),
    inputs: properties,
    outputs: properties,
  })
  .transform(({ inputs, outputs, ...rest }) => ({ ...rest, values: { ...inputs, ...outputs } }));

type StateResource = z.output<typeof stateResource>;

const state = z.object({ deployment: z.object({ resources: z.array(stateResource).default([]) }) });

/** A role that was given on Proxmox. */
export interface Permission {
  readonly path: string;
  readonly role: string;
  readonly who: readonly string[];
}

/** One Proxmox VE with its realm. */
export interface Realm {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly issuer: string;
  readonly proof: string;
  readonly provedAt: string;
  readonly permissions: readonly Permission[];
}

export interface Expiry {
  readonly name: string;
  readonly expires: Date;
}

export interface Overview {
  readonly stack: string;
  readonly authentik: string;
  readonly realms: readonly Realm[];
  readonly certificates: readonly Expiry[];
}

/** What a stack has made, as its state tells it. */
export function overviewOf(stack: string, exported: unknown): Overview {
  const { resources } = state.parse(exported).deployment;
  const ofType = (type: string) => resources.filter((resource) => resource.type.endsWith(`/${type}`));
  const permissions = ofType("proxmox:Acl");
  const realms = ofType("sso:LoginProof").map((proof) => realmOf(proof, permissions));
  return {
    stack,
    authentik: realms[0] ? new URL(realms[0].issuer).origin : "",
    realms,
    certificates: ofType("authentik:Certificate").flatMap(expiryOf),
  };
}

function realmOf(proof: StateResource, permissions: readonly StateResource[]): Realm {
  const { realm, redirectUris, issuerUrl, summary } = proof.values;
  return {
    name: text.parse(realm),
    addresses: list.parse(redirectUris),
    issuer: text.parse(issuerUrl),
    proof: text.parse(summary),
    provedAt: proof.modified ?? "",
    permissions: permissions.filter(({ parent }) => parent === proof.parent).map(permissionOf),
  };
}

function permissionOf({ values }: StateResource): Permission {
  return {
    path: text.parse(values.path),
    role: text.parse(values.role),
    who: [...list.parse(values.groups), ...list.parse(values.users), ...list.parse(values.tokens)],
  };
}

function expiryOf({ values }: StateResource): Expiry[] {
  const pem = text.parse(values.certificatePem);
  if (pem === "") return [];
  return [{ name: text.parse(values.name), expires: new Date(new X509Certificate(pem).validTo) }];
}
