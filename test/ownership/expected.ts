import assert from "node:assert/strict";
import { resourceTypes } from "../../providers/registry";
import type { Written } from "./engine";
import { type ClusterDeclaration, type Declaration, roleNamed } from "./program";
import type { ProxmoxName, ServerName, Thing } from "./world";

/** `server kind name`. */
export type Key = string;

export function keyOf({ server, kind, name }: Pick<Thing, "server" | "kind" | "name">): Key {
  return `${server} ${kind} ${name}`;
}

export function serversOf({ authentik, proxmox = "proxmox" }: Declaration): ServerName[] {
  return [authentik, proxmox];
}

/** The objects that the servers must have for a declaration. */
export function required(
  { authentik, proxmox, clusters, users, brands, hasWebCertificate }: Declaration,
  stack: string,
): Key[] {
  const inAuthentik = (kind: string, name: string) => keyOf({ server: authentik, kind, name });
  return [
    ...Object.values(clusters).flatMap((cluster) => [...ofCluster(cluster, inAuthentik, proxmox)]),
    ...users.map((name) => inAuthentik("user", name)),
    ...brands.map((name) => inAuthentik("brand", name)),
    ...(hasWebCertificate ? [inAuthentik("certificate", `web of ${stack}`)] : []),
  ];
}

function* ofCluster(
  { called, groups, members = [] }: ClusterDeclaration,
  inAuthentik: (kind: string, name: string) => Key,
  proxmox: ProxmoxName = "proxmox",
): Generator<Key> {
  const onProxmox = (kind: string, name: string) => keyOf({ server: proxmox, kind, name });
  yield inAuthentik("application", called);
  yield inAuthentik("provider", `Proxmox ${called}`);
  yield inAuthentik("certificate", `${called} signing (proxmox-authentik-sso)`);
  yield onProxmox("realm", called);
  const hasGroups = Object.keys(groups).length > 0;
  if (hasGroups && members.length === 0)
    yield inAuthentik("mapping", `${called} groups (proxmox-authentik-sso)`);
  for (const [group, { as, path, role }] of Object.entries(groups)) {
    yield inAuthentik("group", group);
    yield inAuthentik("binding", `${called} for ${group}`);
    yield onProxmox("pveGroup", `${as}-${called}`);
    yield onProxmox("role", roleNamed(role, called));
    yield onProxmox("acl", `${path} ${as}-${called} ${roleNamed(role, called)}`);
  }
  if (hasGroups) for (const member of members) yield onProxmox("pveUser", `${member}@${called}`);
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

const otherProduct = "on a product that this world has not: test/resources has its ownership";

/** Every type: the kind of its object and the input that names it, or why the model ignores it. */
const modelled: Readonly<Record<string, readonly [kind: string, input: string] | string>> = {
  "authentik:Application": ["application", "slug"],
  "authentik:Brand": ["brand", "domain"],
  "authentik:Certificate": ["certificate", "name"],
  "authentik:ExclusiveBindings": ["group", "closingGroup"],
  "authentik:Group": ["group", "name"],
  "authentik:OAuth2Provider": ["provider", "name"],
  "authentik:PolicyBinding": "goes with its application",
  "authentik:Readiness": "makes nothing",
  "authentik:ScopeMapping": ["mapping", "name"],
  "authentik:User": ["user", "username"],
  "authentik:WebCertificate": "is a field of a brand",
  "backupServer:Acl": otherProduct,
  "backupServer:OpenIdRealm": otherProduct,
  "backupServer:User": otherProduct,
  "backupServer:Users": otherProduct,
  "datacenterManager:Acl": otherProduct,
  "datacenterManager:OpenIdRealm": otherProduct,
  "datacenterManager:User": otherProduct,
  "datacenterManager:Users": otherProduct,
  "docker:DataVersions": "only Docker has it",
  "docker:Leftovers": "only Docker has it",
  "docker:Rollout": "only a swarm has it",
  "proxmox:Acl": "goes with its group",
  "proxmox:ClusterNodes": "makes nothing",
  "proxmox:ExclusivePermissions": "makes nothing",
  "proxmox:Group": ["pveGroup", "group"],
  "proxmox:OpenIdRealm": ["realm", "realm"],
  "proxmox:Role": ["role", "role"],
  "proxmox:User": ["pveUser", "userId"],
  "sso:GroupMembers": "makes nothing",
  "sso:Identity": "makes nothing",
  "sso:LoginProof": "removes what it makes",
};

/** A resource in the registry that the model lacks is an error of every sequence. */
export function assertAllModelled(): void {
  assert.deepEqual(Object.keys(modelled).sort(), [...resourceTypes].sort());
}

/** What a killed run created and could not record. Only a program that declares it finds it again. */
export function unrecordedKey(
  { type, inputs }: Written,
  { authentik, proxmox = "proxmox" }: Declaration,
): Key | undefined {
  const resource = type.split("/")[1] ?? type;
  const known = modelled[resource];
  if (known === undefined || typeof known === "string") return undefined;
  const [kind, input] = known;
  const server = resource.startsWith("proxmox:") ? proxmox : authentik;
  return keyOf({ server, kind, name: String(inputs[input]) });
}

export function isOn(server: ServerName): (key: Key) => boolean {
  return (key) => key.startsWith(`${server} `);
}

/** The fields that no program of ours changes if it does not own the object. */
export function lasting({ object }: Thing): string {
  const volatile = /^(last_.*|date_joined|digest|assigned_.*|num_pk|.*_obj)$/;
  const sorted = Object.entries(object)
    .filter(([field]) => !volatile.test(field))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(sorted);
}
