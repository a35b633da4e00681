import { aclPath } from "../../providers/proxmox/aclPath";
import { accessSchema, type Grant } from "./declaration";

/** A group of authentik with its permissions on one Proxmox. */
export interface AccessGroup {
  readonly name: string;
  /** The group's name in the claim. */
  readonly claimName: string;
  /** The name that Proxmox derives: `<claim>-<realm>` (PVE/API2/OpenId.pm). */
  readonly proxmoxGroup: string;
  readonly grants: readonly Grant[];
  readonly members: readonly string[] | undefined;
}

/** Parses a declaration into groups, or reports its mistakes. */
export function groupsIn(
  access: unknown,
  realm: string,
): { groups: readonly AccessGroup[]; mistakes: readonly string[] } {
  const { data = {}, error } = accessSchema.safeParse(access ?? {});
  const groups = Object.entries(data).map(([name, { as: claimName = name, grants, members }]) => ({
    name,
    claimName,
    proxmoxGroup: `${claimName}-${realm}`,
    grants,
    members,
  }));
  const mistakes = (error?.issues ?? []).map(({ path, message }) =>
    path.length === 0 ? message : `"${path.join(".")}" ${message}`,
  );
  return { groups, mistakes };
}

/** Whether the declaration lists members, so that users are created before their first login. */
export function isDeclaredByMembers(groups: readonly AccessGroup[]): boolean {
  return groups.some(({ members }) => members !== undefined);
}

/**
 * Groups that the proof's user may join temporarily, with the paths of their roles. Groups with a role in `noneToTry`
 * are excluded.
 */
export function groupsToTry(groups: readonly AccessGroup[]): { name: string; paths: string[] }[] {
  return groups
    .filter(({ grants }) => grants.length > 0 && !grants.some(({ role }) => noneToTry.includes(role)))
    .map(({ name, grants }) => ({
      name,
      paths: [...new Set(grants.map(({ path }) => aclPath.parse(path)))],
    }));
}

/** Administrator grants everything, and NoAccess revokes what other roles grant. */
const noneToTry = ["Administrator", "NoAccess"];
