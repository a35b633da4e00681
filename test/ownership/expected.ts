import type { Written } from "./engine";
import { type ClusterDeclaration, type Declaration, roleNamed } from "./program";
import type { AuthentikName, ServerName, Thing } from "./world";

/** `server kind name`. */
export type Key = string;

export function keyOf({ server, kind, name }: Pick<Thing, "server" | "kind" | "name">): Key {
  return `${server} ${kind} ${name}`;
}

/** What the servers must have for a declaration. */
export function required(
  { authentik, clusters, users, brands, hasWebCertificate }: Declaration,
  stack: string,
): Key[] {
  const inAuthentik = (kind: string, name: string) => keyOf({ server: authentik, kind, name });
  return [
    ...Object.values(clusters).flatMap((cluster) => [...ofCluster(cluster, inAuthentik)]),
    ...users.map((name) => inAuthentik("user", name)),
    ...brands.map((name) => inAuthentik("brand", name)),
    ...(hasWebCertificate ? [inAuthentik("certificate", `web of ${stack}`)] : []),
  ];
}

function* ofCluster(
  { called, groups, members = [] }: ClusterDeclaration,
  inAuthentik: (kind: string, name: string) => Key,
): Generator<Key> {
  const onProxmox = (kind: string, name: string) => keyOf({ server: "proxmox", kind, name });
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

/** What they may have besides: the binding of an empty group that keeps an application closed. */
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

/** Of the objects that stand by themselves: which input names them. Others go with what they belong to. */
const names: Readonly<Record<string, readonly [kind: string, input: string]>> = {
  "authentik:Application": ["application", "slug"],
  "authentik:Brand": ["brand", "domain"],
  "authentik:Certificate": ["certificate", "name"],
  "authentik:Group": ["group", "name"],
  "authentik:OAuth2Provider": ["provider", "name"],
  "authentik:ScopeMapping": ["mapping", "name"],
  "authentik:User": ["user", "username"],
  "authentik:ExclusiveBindings": ["group", "closingGroup"],
  "proxmox:Group": ["pveGroup", "group"],
  "proxmox:OpenIdRealm": ["realm", "realm"],
  "proxmox:Role": ["role", "role"],
  "proxmox:User": ["pveUser", "userId"],
};

/** What a run made and could not note, as it was killed: only a program that declares it finds it again. */
export function unrecordedKey({ type, inputs }: Written, authentik: AuthentikName): Key | undefined {
  const resource = type.split("/")[1] ?? type;
  const [kind, input] = names[resource] ?? [];
  if (kind === undefined || input === undefined) return undefined;
  const server = resource.startsWith("proxmox:") ? "proxmox" : authentik;
  return keyOf({ server, kind, name: String(inputs[input]) });
}

export function isOn(server: ServerName): (key: Key) => boolean {
  return (key) => key.startsWith(`${server} `);
}

/** What no program of ours changes when it leaves an object alone. */
export function lasting({ object }: Thing): string {
  const volatile = /^(last_.*|date_joined|digest|assigned_.*|num_pk|.*_obj)$/;
  const sorted = Object.entries(object)
    .filter(([field]) => !volatile.test(field))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(sorted);
}
