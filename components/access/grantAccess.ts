import * as pulumi from "@pulumi/pulumi";
import type { Application } from "../../providers/authentik/application";
import { ExclusiveBindings } from "../../providers/authentik/exclusiveBindings";
import type { Group } from "../../providers/authentik/group";
import { PolicyBinding } from "../../providers/authentik/policyBinding";
import { ScopeMapping } from "../../providers/authentik/scopeMapping";
import { keyOn } from "../../providers/core/ownership";
import { Acl } from "../../providers/proxmox/acl";
import { ExclusivePermissions } from "../../providers/proxmox/exclusivePermissions";
import { Group as ProxmoxGroup } from "../../providers/proxmox/group";
import { Role } from "../../providers/proxmox/role";
import { User } from "../../providers/proxmox/user";
import type { AuthentikServer } from "../authentikServer";
import { recordedResources, rolesMadeBy } from "../stack/recorded";
import { groupsClaim, groupsExpression } from "./claim";
import type { AccessGroup } from "./groups";
import { SharedGroups } from "./sharedGroups";

/** Values that all access resources of one cluster share. */
export interface AccessPlace {
  /** Prefix of the resource names. */
  readonly name: string;
  readonly groups: readonly AccessGroup[];
  readonly authentik: AuthentikServer;
  readonly proxmox: ConstructorParameters<typeof Acl>[1]["proxmox"];
  /** Random value, stored in the state before the first write. */
  readonly ownershipMark: pulumi.Output<string>;
  readonly adopt: boolean | undefined;
  /**
   * Name of the empty group that closes the application. Undefined if the policy engine mode does not allow such a
   * group.
   */
  readonly closingGroup: string | undefined;
  /** Whether bindings and permissions that are not declared are removed. */
  readonly isExclusive: boolean;
  readonly inAuthentik: pulumi.CustomResourceOptions;
  readonly parent: pulumi.Resource;
}

/** Creates the scope mapping of the groups claim. Proxmox reads the claim at each login. */
export function emitGroups(place: AccessPlace, name: string): ScopeMapping {
  const { ownershipMark } = place;
  return new ScopeMapping(
    `${place.name}-groups`,
    {
      authentik: place.authentik.connection,
      name,
      scopeName: groupsClaim,
      description: "Your groups, for what you may do on Proxmox",
      expression: ownershipMark.apply((mark) => groupsExpression(place.groups, mark)),
      ownershipMark,
      adopt: place.adopt,
    },
    place.inAuthentik,
  );
}

/** Returns the authentik groups. They are created before the application and deleted after it. */
export function sharedGroups({ authentik, groups }: Pick<AccessPlace, "authentik" | "groups">): Group[] {
  const shared = SharedGroups.of(authentik);
  return groups.map(({ name }) => shared.group(name));
}

/** Binds the groups to the application. Only their members can open it. */
export function admitGroups(
  place: AccessPlace,
  application: Application,
): (PolicyBinding | ExclusiveBindings)[] {
  const shared = SharedGroups.of(place.authentik);
  const bindings = place.groups.map(
    ({ name }) =>
      new PolicyBinding(
        `${place.name}-binding-${name}`,
        {
          authentik: place.authentik.connection,
          target: application.pk,
          group: shared.group(name).pk,
          targetProvesOwnership: true,
          adopt: place.adopt,
        },
        // authentik deletes the bindings together with their application.
        { ...place.inAuthentik, deletedWith: place.authentik.deletedWith ?? application },
      ),
  );
  const { isExclusive, closingGroup, ownershipMark } = place;
  if (bindings.length === 0 || !(isExclusive || closingGroup)) return bindings;
  const only = new ExclusiveBindings(
    `${place.name}-only-bindings`,
    {
      authentik: place.authentik.connection,
      target: application.pk,
      bindings: bindings.map(({ pk }) => pk),
      removeOthers: isExclusive,
      closingGroup,
      ownershipMark,
    },
    place.inAuthentik,
  );
  return [...bindings, only];
}

/** Creates the custom roles on Proxmox. Returns them by name. */
export function makeRoles(
  place: Pick<AccessPlace, "name" | "proxmox" | "ownershipMark" | "adopt" | "parent">,
  roles: Readonly<Record<string, string[]>>,
): ReadonlyMap<string, Role> {
  const { proxmox, ownershipMark, adopt, parent } = place;
  const named = Object.entries(roles);
  const made = named.length > 0 ? recordedResources().then(rolesMadeBy) : [];
  return new Map(
    named.map(([role, privileges]) => {
      // Proxmox stores no ownership mark in a role, and renaming a cluster renames the resource. The state is the
      // only record.
      const madeByStack = pulumi
        .all([made, proxmox])
        .apply(([all, server]) => all.includes(keyOn(server, role)));
      const args = { proxmox, role, privileges, madeByStack, ownershipMark, adopt };
      return [role, new Role(`${place.name}-role-${role}`, args, { parent })];
    }),
  );
}

/** Comment of a Proxmox group that names its authentik group. `npm run show` reads it. */
export function groupComment(name: string): string {
  return `${commentStart}${name}`;
}

/** The authentik group in such a comment, or undefined if the comment was edited. */
export function groupInComment(comment: string): string | undefined {
  return comment.startsWith(commentStart) ? comment.slice(commentStart.length) : undefined;
}

const commentStart = "authentik group ";

/** Creates the Proxmox groups under the names that Proxmox derives from the claim, and grants their roles. */
export function grantRoles(place: AccessPlace, roles: ReadonlyMap<string, Role>): pulumi.Resource[] {
  const { proxmox, ownershipMark, adopt, parent } = place;
  const permissions = place.groups.flatMap(({ proxmoxGroup, grants }) =>
    grants.map(({ role, path }) => ({ group: proxmoxGroup, role, path })),
  );
  const granted = place.groups
    .filter(({ grants }) => grants.length > 0)
    .flatMap(({ name, claimName, proxmoxGroup, grants }) => {
      // The resource is named by the claim, so renaming the group in authentik keeps it.
      const group = new ProxmoxGroup(
        `${place.name}-proxmox-group-${claimName}`,
        { proxmox, group: proxmoxGroup, comment: groupComment(name), ownershipMark, adopt },
        { parent, aliases: [{ name: `${place.name}-group-${name}` }] },
      );
      const acls = grants.map(
        ({ path, role, propagate }) =>
          new Acl(
            `${place.name}-permission-${claimName}-${path}-${role}`,
            {
              proxmox,
              path,
              role,
              propagate,
              groups: [group.group],
              groupRevisions: [group, roles.get(role)].flatMap((one) => one?.revision ?? []),
              subjectsProveOwnership: true,
              adopt,
            },
            {
              parent,
              dependsOn: [group, ...roles.values()],
              // Proxmox deletes a group's ACL entries together with the group.
              deletedWith: group,
              aliases: [{ name: `${place.name}-acl-${name}-${path}-${role}` }],
            },
          ),
      );
      return [group, ...acls];
    });
  if (!place.isExclusive || permissions.length === 0) return granted;
  const only = new ExclusivePermissions(
    `${place.name}-only-permissions`,
    { proxmox, permissions },
    { parent, dependsOn: granted },
  );
  return [...granted, only];
}

/** Creates the users and their group memberships for a Proxmox that does not read a groups claim. */
export function makeMembers(
  place: AccessPlace,
  realm: pulumi.Input<string>,
  after: pulumi.Resource[],
): User[] {
  const groupRevisions = after.flatMap((resource) =>
    resource instanceof ProxmoxGroup ? [resource.revision] : [],
  );
  const { proxmox, ownershipMark, adopt, parent } = place;
  const groupsByMember = new Map<string, string[]>();
  for (const { members = [], grants, proxmoxGroup } of place.groups) {
    for (const member of members) {
      const groups = groupsByMember.get(member) ?? [];
      groupsByMember.set(member, grants.length > 0 ? [...groups, proxmoxGroup] : groups);
    }
  }
  return [...groupsByMember].map(
    ([member, groups]) =>
      new User(
        `${place.name}-user-${member}`,
        {
          proxmox,
          userId: pulumi.interpolate`${member}@${realm}`,
          groups,
          groupRevisions,
          ownershipMark,
          adopt,
        },
        { parent, dependsOn: after },
      ),
  );
}
