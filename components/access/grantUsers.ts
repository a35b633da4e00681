import * as pulumi from "@pulumi/pulumi";
import type { OtherProduct } from "../../providers/accessControl/products";
import * as backupServer from "../../providers/backupServer/index";
import * as datacenterManager from "../../providers/datacenterManager/index";
import type { AccessPlace } from "./grantAccess";
import type { AccessGroup } from "./groups";

/** The resources of each product without groups. */
export const resourcesOf = { backup: backupServer, "datacenter-manager": datacenterManager } as const;

type User = backupServer.User | datacenterManager.User;

/** A permission and who has it, by user name. */
interface Permission {
  readonly path: string;
  readonly role: string;
  readonly propagate: boolean;
  readonly members: readonly string[];
}

/**
 * For a product that has neither groups nor a groups claim. It creates the users of `members`. Each user gets the
 * roles of all of its groups.
 */
export function grantUsers(
  place: AccessPlace,
  product: OtherProduct,
  realm: pulumi.Input<string>,
  after: pulumi.Resource[],
): pulumi.Resource[] {
  const { User, Acl } = resourcesOf[product];
  const { proxmox, ownershipMark, adopt, parent } = place;
  const members = [...new Set(place.groups.flatMap(({ members = [] }) => members))];
  const users = new Map<string, User>(
    members.map((member) => [
      member,
      new User(
        `${place.name}-user-${member}`,
        { proxmox, userId: pulumi.interpolate`${member}@${realm}`, ownershipMark, adopt },
        { parent, dependsOn: after },
      ),
    ]),
  );
  const acls = permissionsOf(place.groups).map(({ path, role, propagate, members: holders }) => {
    const held = holders.flatMap((member) => users.get(member) ?? []);
    return new Acl(
      `${place.name}-permission-${path}-${role}${propagate ? "" : "-only"}`,
      {
        proxmox,
        path,
        role,
        propagate,
        users: held.map(({ userId }) => userId),
        userRevisions: held.map(({ revision }) => revision),
        subjectsProveOwnership: true,
        adopt,
      },
      { parent, dependsOn: held },
    );
  });
  return [...users.values(), ...acls];
}

/**
 * If two groups give a user the same role on a path, the server has one entry. It propagates if one of the groups
 * says so.
 */
export function permissionsOf(groups: readonly AccessGroup[]): Permission[] {
  const widest = new Map<string, { path: string; role: string; member: string; propagate: boolean }>();
  for (const { grants, members = [] } of groups) {
    for (const { path, role, propagate } of grants) {
      for (const member of members) {
        const key = JSON.stringify([path, role, member]);
        widest.set(key, { path, role, member, propagate: propagate || !!widest.get(key)?.propagate });
      }
    }
  }
  const permissions = new Map<string, Permission>();
  for (const { path, role, member, propagate } of widest.values()) {
    const key = JSON.stringify([path, role, propagate]);
    const members = [...(permissions.get(key)?.members ?? []), member];
    permissions.set(key, { path, role, propagate, members });
  }
  return [...permissions.values()];
}
