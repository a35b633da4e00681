import { type Key, keyOf } from "./keys";
import { realmOf } from "./names";
import { type ClusterDeclaration, type Declaration, grantOn, placeOf } from "./program";
import type { Thing } from "./world";

/** A permission of a user on a server without groups. */
export interface Permission {
  readonly key: Key;
  readonly propagate: boolean;
}

/** What a server without groups must have for a cluster, given who is in each group. */
export function usersAndPermissions(
  declared: Declaration,
  cluster: ClusterDeclaration,
  membersOf: (group: string) => readonly string[],
): { users: Key[]; permissions: Permission[] } {
  const { groups, product } = cluster;
  const realm = realmOf(cluster);
  if (product === undefined) return { users: [], permissions: [] };
  const server = placeOf(declared, product);
  const users = new Set<Key>();
  const permissions = new Map<Key, boolean>();
  for (const [group, given] of Object.entries(groups)) {
    const { path, role, propagate } = grantOn(product, given);
    for (const member of membersOf(group)) {
      const id = `${member}@${realm}`;
      users.add(keyOf({ server, kind: "proxmoxUser", name: id }));
      const key = keyOf({ server, kind: "acl", name: `${path} ${id} ${role}` });
      permissions.set(key, propagate || permissions.get(key) === true);
    }
  }
  return {
    users: [...users],
    permissions: [...permissions].map(([key, propagate]) => ({ key, propagate })),
  };
}

export function isFollowing({ product, members }: ClusterDeclaration): boolean {
  return product !== undefined && members === undefined;
}

/** Who is in a group of authentik. */
export function membersIn(
  { authentik }: Declaration,
  things: readonly Thing[],
): (group: string) => readonly string[] {
  const on = things.filter(({ server }) => server === authentik);
  return (name) => {
    const group = on.find((thing) => thing.kind === "group" && thing.name === name);
    return on
      .filter(({ kind, object: { groups, is_active: isActive } }) => {
        const isIn = Array.isArray(groups) && groups.includes(group?.object.pk);
        return kind === "user" && isActive === true && isIn;
      })
      .map((user) => user.name);
  };
}

/** All users and permissions on the servers without groups. */
export function heldBy(
  declared: Declaration,
  things: readonly Thing[],
): { users: Key[]; permissions: Permission[] } {
  const followed = membersIn(declared, things);
  const each = Object.values(declared.clusters).map((cluster) =>
    usersAndPermissions(declared, cluster, isFollowing(cluster) ? followed : () => cluster.members ?? []),
  );
  return {
    users: each.flatMap(({ users }) => users),
    permissions: each.flatMap(({ permissions }) => permissions),
  };
}

/** Whether a user or a permission is one of the realm of a cluster that follows groups: who is in them changes by the step. */
export function isOfRealm(declared: Declaration): (key: Key) => boolean {
  const realms = Object.values(declared.clusters)
    .filter(({ product }) => product !== undefined)
    .map((cluster) => [placeOf(declared, cluster.product), realmOf(cluster)] as const);
  return (key) =>
    realms.some(([server, realm]) => {
      const isUser = key.startsWith(`${server} proxmoxUser `) && key.endsWith(`@${realm}`);
      return isUser || (key.startsWith(`${server} acl `) && key.includes(`@${realm} `));
    });
}
