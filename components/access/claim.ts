import type { AccessGroup } from "./groups";

/**
 * Name of the scope and claim with the groups of one application. authentik would merge its default `groups` claim
 * into it.
 */
export const groupsClaim = "proxmox_groups";

/** The group without members that keeps an application closed. */
export function closingGroupOf(slug: string): string {
  return `${slug} closed (proxmox-authentik-sso)`;
}

/**
 * `all_groups` (since 2023.8) includes parent groups, as bindings do. The recorded versions have only `ak_groups`,
 * which 2026.5 deprecates.
 */
const groupsHeld =
  'request.user.all_groups() if hasattr(request.user, "all_groups") else request.user.ak_groups.all()';

/**
 * Expression of the scope mapping. It emits only groups with grants on this Proxmox, under their Proxmox names. It
 * returns a list in every case, because a missing claim would not revoke permissions.
 */
export function groupsExpression(groups: readonly AccessGroup[], ownershipMark: string): string {
  const names = groups
    .filter(({ grants }) => grants.length > 0)
    .map(({ name, claimName }) => `${JSON.stringify(name)}: ${JSON.stringify(claimName)}`);
  return [
    `# proxmox-authentik-sso ${ownershipMark}`,
    `groups = {${names.join(", ")}}`,
    `held = ${groupsHeld}`,
    `return {"${groupsClaim}": sorted({groups[group.name] for group in held if group.name in groups})}`,
  ].join("\n");
}
