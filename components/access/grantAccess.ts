import * as pulumi from "@pulumi/pulumi";
import type { Application } from "../../providers/authentik/application";
import { ExclusiveBindings } from "../../providers/authentik/exclusiveBindings";
import { PolicyBinding } from "../../providers/authentik/policyBinding";
import { ScopeMapping } from "../../providers/authentik/scopeMapping";
import { Acl } from "../../providers/proxmox/acl";
import { ExclusivePermissions } from "../../providers/proxmox/exclusivePermissions";
import { Group as ProxmoxGroup } from "../../providers/proxmox/group";
import { Role } from "../../providers/proxmox/role";
import { User } from "../../providers/proxmox/user";
import type { AuthentikServer } from "../authentikServer";
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
  /** Whether what is not declared has to go. */
  readonly isExclusive: boolean;
  readonly inAuthentik: pulumi.CustomResourceOptions;
  readonly parent: pulumi.Resource;
}

/** The claim by which Proxmox learns at each login which of the groups a user is in. */
export function emitGroups(place: AccessPlace, slug: string): ScopeMapping {
  const { ownershipMark } = place;
  return new ScopeMapping(
    `${place.name}-groups`,
    {
      authentik: place.authentik.connection,
      name: `${slug} groups (proxmox-authentik-sso)`,
      scopeName: groupsClaim,
      description: "Your groups, for what you may do on Proxmox",
      expression: ownershipMark.apply((mark) => groupsExpression(place.groups, mark)),
      ownershipMark,
      adopt: place.adopt,
    },
    place.inAuthentik,
  );
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
          group: shared.group(name),
          targetProvesOwnership: true,
          adopt: place.adopt,
        },
        // An application takes its bindings along.
        { ...place.inAuthentik, deletedWith: place.authentik.deletedWith ?? application },
      ),
  );
  if (!place.isExclusive || bindings.length === 0) return bindings;
  const only = new ExclusiveBindings(
    `${place.name}-only-bindings`,
    { authentik: place.authentik.connection, target: application.pk, bindings: bindings.map(({ pk }) => pk) },
    place.inAuthentik,
  );
  return [...bindings, only];
}

/** Makes the roles of one's own on Proxmox. */
export function makeRoles(
  place: Pick<AccessPlace, "name" | "proxmox" | "adopt" | "parent">,
  roles: Readonly<Record<string, string[]>>,
): Role[] {
  const { proxmox, adopt, parent } = place;
  return Object.entries(roles).map(
    ([role, privileges]) =>
      new Role(`${place.name}-role-${role}`, { proxmox, role, privileges, adopt }, { parent }),
  );
}

/** Makes the groups on Proxmox under the names that it derives from the claim, and grants them their roles. */
export function grantRoles(place: AccessPlace, roles: readonly Role[]): pulumi.Resource[] {
  const { proxmox, ownershipMark, adopt, parent } = place;
  const permissions = place.groups.flatMap(({ proxmoxGroup, grants }) =>
    grants.map(({ role, path }) => ({ group: proxmoxGroup, role, path })),
  );
  const granted = place.groups
    .filter(({ grants }) => grants.length > 0)
    .flatMap(({ name, proxmoxGroup, grants }) => {
      const group = new ProxmoxGroup(
        `${place.name}-group-${name}`,
        { proxmox, group: proxmoxGroup, comment: `authentik group ${name}`, ownershipMark, adopt },
        { parent },
      );
      const acls = grants.map(
        ({ path, role, propagate }) =>
          new Acl(
            `${place.name}-acl-${name}-${path}-${role}`,
            { proxmox, path, role, propagate, groups: [group.group], subjectsProveOwnership: true, adopt },
            // A group takes its entries along.
            { parent, dependsOn: [group, ...roles], deletedWith: group },
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
        { proxmox, userId: pulumi.interpolate`${member}@${realm}`, groups, ownershipMark, adopt },
        { parent, dependsOn: after },
      ),
  );
}
