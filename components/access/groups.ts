import { accessSchema, type Grant } from "./declaration";

/** A group of authentik, and what becomes of it on one Proxmox. */
export interface AccessGroup {
  readonly name: string;
  /** What the claim says instead of its name. */
  readonly claimName: string;
  /** The name that Proxmox derives: `<claim>-<realm>` (PVE/API2/OpenId.pm). */
  readonly proxmoxGroup: string;
  readonly grants: readonly Grant[];
  readonly members: readonly string[] | undefined;
}

/** The groups of a declaration, or what is wrong with its form. */
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

/** Whether users and their groups are made on Proxmox beforehand, instead of learnt from a claim at each login. */
export function isDeclaredByMembers(groups: readonly AccessGroup[]): boolean {
  return groups.some(({ members }) => members !== undefined);
}
