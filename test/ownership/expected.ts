import assert from "node:assert/strict";
import type { OtherProduct } from "../../providers/accessControl/products";
import { resourceTypes } from "../../providers/registry";
import { usersAndPermissions } from "./followed";
import { type Key, keyOf } from "./keys";
import { realmOf, signingNameOf, titleOf } from "./names";
import type { Written } from "./plugin-process";
import { type ClusterDeclaration, type Declaration, placeOf, roleNamed } from "./program";
import type { ServerName, Thing } from "./world";

export function serversOf(declared: Declaration): ServerName[] {
  const products = [undefined, "backup", "datacenter-manager"] as const;
  return [declared.authentik, ...products.map((product) => placeOf(declared, product))];
}

/** The objects that the servers must have for a declaration, except the users of followed groups. */
export function required(declared: Declaration, stack: string): Key[] {
  const { authentik, clusters, users, brands, hasWebCertificate } = declared;
  const inAuthentik = (kind: string, name: string) => keyOf({ server: authentik, kind, name });
  return [
    ...Object.values(clusters).flatMap((cluster) => [...ofCluster(declared, cluster, inAuthentik)]),
    ...users.map((name) => inAuthentik("user", name)),
    ...brands.map((name) => inAuthentik("brand", name)),
    ...(hasWebCertificate ? [inAuthentik("certificate", `web of ${stack}`)] : []),
  ];
}

function* ofCluster(
  declared: Declaration,
  cluster: ClusterDeclaration,
  inAuthentik: (kind: string, name: string) => Key,
): Generator<Key> {
  const { called, groups, members = [], product } = cluster;
  const onProxmox = (kind: string, name: string) => keyOf({ server: placeOf(declared, product), kind, name });
  yield inAuthentik("application", called);
  yield inAuthentik("provider", titleOf(cluster));
  yield inAuthentik("certificate", signingNameOf(cluster));
  const realm = realmOf(cluster);
  yield onProxmox("realm", realm);
  const names = Object.keys(groups);
  for (const group of names) {
    yield inAuthentik("group", group);
    yield inAuthentik("binding", `${called} for ${group}`);
  }
  if (product !== undefined) {
    const { users, permissions } = usersAndPermissions(declared, cluster, () => members);
    yield* users;
    yield* permissions.map(({ key }) => key);
    return;
  }
  if (names.length > 0 && members.length === 0)
    yield inAuthentik("mapping", `${called} groups (proxmox-authentik-sso)`);
  for (const { as, path, role } of Object.values(groups)) {
    yield onProxmox("pveGroup", `${as}-${realm}`);
    yield onProxmox("role", roleNamed(role, called));
    yield onProxmox("acl", `${path} ${as}-${realm} ${roleNamed(role, called)}`);
  }
  if (names.length > 0) for (const member of members) yield onProxmox("proxmoxUser", `${member}@${realm}`);
}

/** The objects that they may also have: the binding of an empty group that keeps an application closed. */
export function allowed({ authentik, clusters }: Declaration): Key[] {
  return Object.values(clusters).flatMap(({ called, groups }) => {
    if (Object.keys(groups).length === 0) return [];
    const closing = `${called} closed (proxmox-authentik-sso)`;
    return [
      keyOf({ server: authentik, kind: "group", name: closing }),
      keyOf({ server: authentik, kind: "binding", name: `${called} for ${closing}` }),
    ];
  });
}

/** Objects by kind and name, from a resource's inputs. */
type Objects = (
  inputs: Readonly<Record<string, unknown>>,
) => readonly (readonly [kind: string, name: unknown])[];

const one =
  (kind: string, input: string): Objects =>
  (inputs) => [[kind, inputs[input]]];

const listIn = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const users: Objects = (inputs) => listIn(inputs.users).map((user) => ["proxmoxUser", user]);
const permissions: Objects = ({ users: holders, path, role }) =>
  listIn(holders).map((user) => ["acl", `${path} ${user} ${role}`]);

/** Every type: the objects of a resource of this type, or why the model ignores them. */
const modelled: Readonly<Record<string, Objects | string>> = {
  "authentik:Application": one("application", "slug"),
  "authentik:Brand": one("brand", "domain"),
  "authentik:Certificate": one("certificate", "name"),
  "authentik:ExclusiveBindings": one("group", "closingGroup"),
  "authentik:Group": one("group", "name"),
  "authentik:OAuth2Provider": one("provider", "name"),
  "authentik:PolicyBinding": "goes with its application",
  "authentik:Readiness": "makes nothing",
  "authentik:ScopeMapping": one("mapping", "name"),
  "authentik:User": one("user", "username"),
  "authentik:WebCertificate": "is a field of a brand",
  "backupServer:Acl": permissions,
  "backupServer:OpenIdRealm": one("realm", "realm"),
  "backupServer:User": one("proxmoxUser", "userId"),
  "backupServer:Users": users,
  "datacenterManager:Acl": permissions,
  "datacenterManager:OpenIdRealm": one("realm", "realm"),
  "datacenterManager:User": one("proxmoxUser", "userId"),
  "datacenterManager:Users": users,
  "docker:DataVersions": "only Docker has it",
  "docker:Leftovers": "only Docker has it",
  "docker:Rollout": "only a swarm has it",
  "proxmox:Acl": "goes with its group",
  "proxmox:ClusterNodes": "makes nothing",
  "proxmox:ExclusivePermissions": "makes nothing",
  "proxmox:Group": one("pveGroup", "group"),
  "proxmox:OpenIdRealm": one("realm", "realm"),
  "proxmox:Role": one("role", "role"),
  "proxmox:User": one("proxmoxUser", "userId"),
  "sso:GroupMembers": "makes nothing",
  "sso:Identity": "makes nothing",
  "sso:LoginProof": "removes what it makes",
};

/** A resource in the registry that the model lacks is an error of every sequence. */
export function assertAllModelled(): void {
  assert.deepEqual(Object.keys(modelled).sort(), [...resourceTypes].sort());
}

/** What a killed run created and could not record. Only a program that declares it finds it again. */
export function unrecordedKeys({ type, inputs }: Written, declared: Declaration): Key[] {
  const resource = type.split("/")[1] ?? type;
  const objects = modelled[resource];
  if (objects === undefined || typeof objects === "string") return [];
  const product = productOf[resource.split(":")[0] ?? ""];
  const server = resource.startsWith("authentik:") ? declared.authentik : placeOf(declared, product);
  return objects(inputs).map(([kind, name]) => keyOf({ server, kind, name: String(name) }));
}

const productOf: Readonly<Record<string, OtherProduct>> = {
  backupServer: "backup",
  datacenterManager: "datacenter-manager",
};

/** The fields that no program of ours changes if it does not own the object. */
export function lasting({ kind, object }: Thing): string {
  const volatile = /^(last_.*|date_joined|digest|assigned_.*|num_pk|.*_obj)$/;
  const sorted = Object.entries(object)
    // A member is added to a group of Proxmox by its own resource.
    .filter(([field]) => !volatile.test(field) && !(kind === "pveGroup" && field === "users"))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(sorted);
}
