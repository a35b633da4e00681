import type { Grant, ParsedAccess } from "./declaration";

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

export function accessGroups(access: ParsedAccess, realm: string): AccessGroup[] {
  return Object.entries(access).map(([name, { as: claimName = name, grants, members }]) => ({
    name,
    claimName,
    proxmoxGroup: `${claimName}-${realm}`,
    grants,
    members,
  }));
}

/** Whether users and their groups are made on Proxmox beforehand, instead of learnt from a claim at each login. */
export function isDeclaredByMembers(groups: readonly AccessGroup[]): boolean {
  return groups.some(({ members }) => members !== undefined);
}
