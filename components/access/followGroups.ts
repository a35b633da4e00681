import * as pulumi from "@pulumi/pulumi";
import { userId } from "../../providers/accessControl/names";
import type { OtherProduct } from "../../providers/accessControl/products";
import { GroupMembers, isFollowed } from "../../providers/sso/groupMembers";
import type { AccessPlace } from "./grantAccess";
import { resourcesOf } from "./grantUsers";
import type { AccessGroup } from "./groups";
import { SharedGroups } from "./sharedGroups";

/** The users of each group, by the group's name in `access`. */
type Holders = Readonly<Record<string, readonly string[]>>;

/**
 * For a product without a groups claim. It asks authentik for the members of the groups and creates these users.
 * Each user gets the roles of all of its groups. Each `up` and each refresh asks again.
 */
export function followGroups(
  place: AccessPlace,
  product: OtherProduct,
  realm: pulumi.Output<string>,
  usernameClaim: string,
  after: pulumi.Resource[],
): pulumi.Resource[] {
  const { Users, Acl } = resourcesOf[product];
  const { name, groups, authentik, proxmox, ownershipMark, adopt, inAuthentik, parent } = place;
  const shared = groups.map((group) => SharedGroups.of(authentik).group(group.name));
  const asked = new GroupMembers(
    `${name}-members`,
    {
      authentik: authentik.connection,
      groups: shared.map(({ pk }) => pk),
      ...(isFollowed(usernameClaim) && { usernameClaim }),
      duringUp: !pulumi.runtime.isDryRun(),
    },
    inAuthentik,
  );
  const holders = pulumi
    .all([asked.members, realm, pulumi.all(shared.map(({ pk }) => pk))])
    .apply(([members, ofRealm, pks]): Holders => {
      const named = groups.map((group, index) => [group.name, members[pks[index] ?? ""] ?? []] as const);
      return Object.fromEntries(named.map(([group, names]) => [group, usersIn(names, ofRealm, asked)]));
    });
  const users = new Users(
    `${name}-users`,
    { proxmox, realm, users: holders.apply((all) => Object.values(all).flat()), ownershipMark },
    { parent, dependsOn: after },
  );
  const grant = (permission: Permission, after: pulumi.Resource[]) => {
    const { path, role, propagate } = permission;
    return new Acl(
      `${name}-permission-${path}-${role}${propagate ? "" : "-only"}`,
      {
        proxmox,
        path,
        role,
        propagate,
        users: holders.apply((all) => holdersOf(permission, groups, all)),
        userRevisions: [users.revision],
        subjectsProveOwnership: true,
        adopt,
      },
      { parent, dependsOn: after },
    );
  };
  const permissions = permissionsIn(groups);
  const below = permissions.filter(({ propagate }) => propagate).map((one) => grant(one, [users]));
  // In sequence, because a user's entry can move from one to the other.
  const only = permissions.filter(({ propagate }) => !propagate).map((one) => grant(one, [users, ...below]));
  return [users, ...below, ...only];
}

/** Somebody with a name that the server refuses must not keep others from their roles. */
function usersIn(names: readonly string[], realm: string, asked: GroupMembers): string[] {
  return names.flatMap((name) => {
    const id = `${name}@${realm}`;
    const problem = userId.safeParse(id).error?.issues[0]?.message;
    if (problem === undefined) return id;
    void pulumi.log.warn(`"${name}" gets no user and cannot log in there: a user ${problem}.`, asked);
    return [];
  });
}

type Permission = AccessGroup["grants"][number];

function permissionsIn(groups: readonly AccessGroup[]): Permission[] {
  const known = new Map(groups.flatMap(({ grants }) => grants.map((grant) => [textOf(grant), grant])));
  return [...known.values()];
}

/** The server has one entry for a role, path and user. A user who also has the role below the path is not in the other list. */
export function holdersOf(permission: Permission, groups: readonly AccessGroup[], all: Holders): string[] {
  const having = (propagate: boolean) =>
    groups
      .filter(({ grants }) => grants.some((grant) => textOf(grant) === textOf({ ...permission, propagate })))
      .flatMap(({ name }) => all[name] ?? []);
  const below = having(true);
  return permission.propagate ? below : having(false).filter((user) => !below.includes(user));
}

function textOf({ path, role, propagate }: Permission): string {
  return JSON.stringify([path, role, propagate]);
}
