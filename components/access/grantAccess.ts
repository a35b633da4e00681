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

/** What everything of one cluster has in common. */
export interface AccessPlace {
  /** Starts the names of the resources. */
  readonly name: string;
  readonly groups: readonly AccessGroup[];
  readonly authentik: AuthentikServer;
  readonly proxmox: ConstructorParameters<typeof Acl>[1]["proxmox"];
  /** Random, in the state before the first write. */
  readonly ownershipMark: pulumi.Output<string>;
  readonly adopt: boolean | undefined;
  /** Name of the group without members that keeps the application closed, unless its engine mode forbids one. */
  readonly closingGroup: string | undefined;
  /** Whether what is not declared has to go. */
  readonly isExclusive: boolean;
  readonly inAuthentik: pulumi.CustomResourceOptions;
  readonly parent: pulumi.Resource;
}

/** The claim by which Proxmox learns at each login which of the groups a user is in. */
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

/** The groups of authentik, which exist before the application and outlive it. */
export function sharedGroups({ authentik, groups }: Pick<AccessPlace, "authentik" | "groups">): Group[] {
  const shared = SharedGroups.of(authentik);
  return groups.map(({ name }) => shared.group(name));
}

/** Lets the members of the groups, and nobody else, open the application. */
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
        // An application takes its bindings along.
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

/** Makes the roles of one's own on Proxmox; by name. */
export function makeRoles(
  place: Pick<AccessPlace, "name" | "proxmox" | "adopt" | "parent">,
  roles: Readonly<Record<string, string[]>>,
): ReadonlyMap<string, Role> {
  const { proxmox, adopt, parent } = place;
  const named = Object.entries(roles);
  const made = named.length > 0 ? recordedResources().then(rolesMadeBy) : [];
  return new Map(
    named.map(([role, privileges]) => {
      // A renamed cluster's resource has another name, and Proxmox stores no mark in a role.
      const madeByStack = pulumi
        .all([made, proxmox])
        .apply(([all, server]) => all.includes(keyOn(server, role)));
      const args = { proxmox, role, privileges, madeByStack, adopt };
      return [role, new Role(`${place.name}-role-${role}`, args, { parent })];
    }),
  );
}

/** Says on Proxmox, and to `npm run show`, which group of authentik it is. */
export function groupComment(name: string): string {
  return `${commentStart}${name}`;
}

/** The group of authentik that a comment names, unless somebody has edited it. */
export function groupInComment(comment: string): string | undefined {
  return comment.startsWith(commentStart) ? comment.slice(commentStart.length) : undefined;
}

const commentStart = "authentik group ";

/** Makes the groups on Proxmox under the names that it derives from the claim, and grants them their roles. */
export function grantRoles(place: AccessPlace, roles: ReadonlyMap<string, Role>): pulumi.Resource[] {
  const { proxmox, ownershipMark, adopt, parent } = place;
  const permissions = place.groups.flatMap(({ proxmoxGroup, grants }) =>
    grants.map(({ role, path }) => ({ group: proxmoxGroup, role, path })),
  );
  const granted = place.groups
    .filter(({ grants }) => grants.length > 0)
    .flatMap(({ name, claimName, proxmoxGroup, grants }) => {
      // Named as Proxmox knows it: a group that is renamed in authentik stays where it is.
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
              // A group takes its entries along.
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

/** For a Proxmox without groups claim: makes its users beforehand, in their groups. */
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
