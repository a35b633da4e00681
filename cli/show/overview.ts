import { X509Certificate } from "node:crypto";
import { z } from "zod";
import { groupInComment } from "../../components/access/grantAccess";

const text = z.string().catch("");
const list = z.array(z.string()).catch([]);

const properties = z.record(z.string(), z.unknown()).default({});

/** Inputs and outputs of a resource, merged. */
const stateResource = z
  .object({
    urn: z.string(),
    type: z.string(),
    parent: z.string().optional(),
    modified: z.string().optional(),
    inputs: properties,
    outputs: properties,
  })
  .transform(({ inputs, outputs, urn, ...rest }) => ({
    ...rest,
    urn,
    name: urn.split("::").at(-1) ?? "",
    values: { ...inputs, ...outputs },
  }));

type StateResource = z.output<typeof stateResource>;

const state = z.object({ deployment: z.object({ resources: z.array(stateResource).default([]) }) });

/** What a group of authentik may do on one Proxmox. */
export interface GroupAccess {
  readonly group: string;
  /** Each as `role on path`. */
  readonly grants: readonly string[];
  /** User names. Undefined if authentik was not asked. */
  readonly members?: readonly string[];
}

/** One Proxmox VE, node or cluster. */
export interface Cluster {
  readonly name: string;
  /** Empty if no `up` has created a realm. */
  readonly realm: string;
  readonly addresses: readonly string[];
  readonly issuer: string;
  readonly proof: { readonly summary: string; readonly at: string } | undefined;
  readonly certificates: readonly Expiry[];
  /** Whether everybody with an account in authentik may log in. */
  readonly isOpen: boolean;
  readonly groups: readonly GroupAccess[];
  /** What a destroy does with the realm's users. Empty if the state does not contain it. */
  readonly usersOnDelete: string;
  /** The realm's users, `name@realm`. Undefined if Proxmox was not asked. */
  readonly users?: readonly string[];
  /** Why the users are unknown. */
  readonly usersUnknown?: string;
  /** What somebody has changed on the servers. Undefined if no refresh was possible. */
  readonly drift?: readonly string[];
}

export interface Expiry {
  readonly name: string;
  readonly expires: Date;
}

/** The tasks of authentik's services in a swarm. */
export interface SwarmOverview {
  readonly tasks: readonly { readonly node: string; readonly service: string; readonly state: string }[];
  /** Nodes that are not ready, with their state. */
  readonly lostNodes: readonly string[];
  /** Why the tasks are unknown. */
  readonly unknown?: string;
}

export interface Overview {
  readonly stack: string;
  readonly authentik: {
    readonly url: string;
    readonly version: string;
    readonly certificates: readonly Expiry[];
    /** What somebody has changed outside the clusters. Undefined if no refresh was possible. */
    readonly drift?: readonly string[];
  };
  readonly clusters: readonly Cluster[];
  /** Undefined on one Docker host. */
  readonly swarm?: SwarmOverview;
  /** Why the members of the groups are unknown. */
  readonly membersUnknown?: string;
}

/** What a stack has created, according to its state. */
export function overviewOf(stack: string, exported: unknown): Overview {
  const { resources } = state.parse(exported).deployment;
  const clusters = resources
    .filter(({ type }) => type.endsWith(":ProxmoxAuthentikSso"))
    .map(({ urn, name }) => clusterOf(name, ofParent(resources, urn)));
  const [readiness] = ofKind(resources, "authentik:Readiness");
  const [issuer] = clusters.map((cluster) => cluster.issuer).filter((url) => url !== "");
  const ofClusters = new Set(clusters.flatMap(({ certificates }) => certificates.map(({ name }) => name)));
  const certificates = ofKind(resources, "authentik:Certificate").flatMap(expiriesOf);
  return {
    stack,
    authentik: {
      url: issuer ? new URL(issuer).origin : "",
      version: text.parse(readiness?.values.version),
      certificates: certificates.filter(({ name }) => !ofClusters.has(name)),
    },
    clusters,
  };
}

function ofKind(resources: readonly StateResource[], kind: string): StateResource[] {
  return resources.filter(({ type }) => type.endsWith(`/${kind}`));
}

function ofParent(resources: readonly StateResource[], urn: string): StateResource[] {
  return resources.filter(({ parent }) => parent === urn);
}

function clusterOf(name: string, resources: readonly StateResource[]): Cluster {
  const [realm] = resources.filter(({ type }) => /:OpenIdRealm$/.test(type));
  const [proof] = ofKind(resources, "sso:LoginProof");
  const bindings = ofKind(resources, "authentik:PolicyBinding");
  const { proxmox } = z
    .object({ proxmox: z.object({ url: text }) })
    .catch({ proxmox: { url: "" } })
    .parse(realm?.values);
  return {
    name,
    realm: text.parse(realm?.values.realm),
    addresses: proof ? list.parse(proof.values.redirectUris) : [proxmox.url].filter((url) => url !== ""),
    issuer: text.parse(realm?.values.issuerUrl),
    proof: proof && { summary: text.parse(proof.values.summary), at: proof.modified ?? "" },
    certificates: ofKind(resources, "authentik:Certificate").flatMap(expiriesOf),
    isOpen: realm !== undefined && bindings.length === 0,
    groups: [...groupsOf(name, resources, bindings), ...byName(resources)],
    usersOnDelete: text.parse(realm?.values.usersOnDelete),
  };
}

/**
 * Bindings are named by cluster and group. The comment of a Proxmox group names its authentik group
 * (`components/access/grantAccess.ts`).
 */
function groupsOf(
  cluster: string,
  resources: readonly StateResource[],
  bindings: readonly StateResource[],
): GroupAccess[] {
  const onProxmox = new Map(
    ofKind(resources, "proxmox:Group").map(({ values }) => [
      groupInComment(text.parse(values.comment)) ?? text.parse(values.group),
      text.parse(values.group),
    ]),
  );
  const admitted = bindings.map(({ name }) => name.slice(`${cluster}-binding-`.length));
  const permissions = ofKind(resources, "proxmox:Acl");
  return [...new Set([...admitted, ...onProxmox.keys()])].sort().map((group) => ({
    group,
    grants: permissions
      .filter(({ values }) => list.parse(values.groups).includes(onProxmox.get(group) ?? ""))
      .map(
        ({ values }) =>
          `${text.parse(values.role)} on ${text.parse(values.path)}${values.propagate === false ? " only" : ""}`,
      )
      .sort(),
  }));
}

/** On Backup Server and Datacenter Manager, users have the permissions themselves. */
function byName(resources: readonly StateResource[]): GroupAccess[] {
  return resources
    .filter(({ type }) => /\/(backupServer|datacenterManager):Acl$/.test(type))
    .map(({ values }) => ({
      group: "by name",
      grants: [
        `${text.parse(values.role)} on ${text.parse(values.path)}${values.propagate === false ? " only" : ""}`,
      ],
      members: list.parse(values.users),
    }));
}

/** The expiry of a certificate, and of its CA if the stack created it. */
function expiriesOf({ values }: StateResource): Expiry[] {
  const name = text.parse(values.name);
  const { certificate: ca } = z
    .object({ certificate: text })
    .catch({ certificate: "" })
    .parse(values.signedBy);
  return [...expiryOf(name, text.parse(values.certificatePem)), ...expiryOf(`CA of ${name}`, ca)];
}

function expiryOf(name: string, pem: string): Expiry[] {
  return pem === "" ? [] : [{ name, expires: new Date(new X509Certificate(pem).validTo) }];
}
