import type { AccessGroup } from "./groups";

/** Scope and claim of the groups of one application; a name of its own, since the default `groups` claim would merge. */
export const groupsClaim = "proxmox_groups";

/**
 * The scope mapping's expression. It emits only groups that this Proxmox grants something, under the names that it
 * knows them by; always a list, as a missing claim would take no rights away. `all_groups` has those of parents too, as
 * the bindings have, and is in every version.
 */
export function groupsExpression(groups: readonly AccessGroup[], ownershipMark: string): string {
  const names = groups
    .filter(({ grants }) => grants.length > 0)
    .map(({ name, claimName }) => `${JSON.stringify(name)}: ${JSON.stringify(claimName)}`);
  return [
    `# proxmox-authentik-sso ${ownershipMark}`,
    `groups = {${names.join(", ")}}`,
    `return {"${groupsClaim}": sorted({groups[group.name] for group in request.user.all_groups() if group.name in groups})}`,
  ].join("\n");
}
