import type { AccessGroup } from "./groups";

/** Scope and claim of the groups of one application; a name of its own, since the default `groups` claim would merge. */
export const groupsClaim = "proxmox_groups";

/** The group without members that keeps an application closed. */
export function closingGroupOf(slug: string): string {
  return `${slug} closed (proxmox-authentik-sso)`;
}

/**
 * With the groups above the user's own, as bindings count them (authentik/core/models.py, `all_groups`, since 2023.8). No recording
 * has that, hence the other, which both recorded versions have (2025.10: 884) and which 2026.5 calls deprecated.
 */
const groupsHeld =
  'request.user.all_groups() if hasattr(request.user, "all_groups") else request.user.ak_groups.all()';

/**
 * The scope mapping's expression. It emits only groups that this Proxmox grants something, under the names that it
 * knows them by; always a list, as a missing claim would take no rights away.
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
