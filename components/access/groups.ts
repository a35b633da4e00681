import type { OtherProduct } from "../../providers/accessControl/products";
import { inWords } from "../../providers/core/words";
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

const nothing = { grants: [], members: undefined };

function hasParts(parts: Readonly<Record<string, unknown>>): boolean {
  return Object.values(parts).some((part) => part !== undefined);
}

/** Whether a declaration has permissions for this product by its name. */
export function grantsOn(access: unknown, product: OtherProduct): boolean {
  return Object.values(Object(access)).some((group) => Object(group)[product] !== undefined);
}

/**
 * Parses a declaration into the groups of one product, or reports its mistakes. If a declaration has a part for
 * another product, each product uses only its own part. A group that names only other products gets no login on
 * Proxmox VE. Otherwise all of it is for the product of the Proxmox that has it.
 */
export function groupsIn(
  access: unknown,
  realm: string,
  product?: OtherProduct,
): { groups: readonly AccessGroup[]; mistakes: readonly string[] } {
  const { data = {}, error } = accessSchema.safeParse(access ?? {}, inWords);
  const isShared = Object.values(data).some(({ parts }) => hasParts(parts));
  const groups = Object.entries(data).flatMap(([name, { as: claimName = name, parts, ...whole }]) => {
    const { grants, members } = isShared && product ? (parts[product] ?? nothing) : whole;
    const isElsewhere = product ? parts[product] === undefined : hasParts(parts) && grants.length === 0;
    if (isShared && isElsewhere) return [];
    return { name, claimName, proxmoxGroup: `${claimName}-${realm}`, grants, members };
  });
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
