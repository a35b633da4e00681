import { hasMark } from "../../authentik/attributes";
import type { AuthentikClient } from "../../authentik/client";
import type { Group } from "../../authentik/wire";
import { inClosingGroup, inDeclaredGroup, inNoGroup, type Membership } from "./memberships";
import { NoOwnLogin } from "./noOwnLogin";

/** A group of authentik whose roles may be tried, with the paths of these roles. */
export interface GroupToTry {
  readonly name: string;
  readonly paths: readonly string[];
}

export type FindGroup = (name: string) => Promise<Group | undefined>;

/** How the proof's user gets into the application. */
export interface Admission {
  readonly membership: Membership;
  /** The group that admits it, with the paths of the roles that must arrive, if the group is a declared one. */
  readonly group?: { readonly name: string; readonly paths?: readonly string[] };
}

/**
 * Prefers a declared group, because its roles can be checked with the same login. It must be a group that this
 * program created. Like the closing group, it must give no rights in authentik.
 * @param admittedBy name of the closing group. Undefined if everybody may use the application.
 */
export async function admissionOf(
  find: FindGroup,
  {
    groups,
    admittedBy,
  }: { readonly groups: readonly GroupToTry[]; readonly admittedBy?: string | undefined },
): Promise<Admission> {
  for (const declared of groups) {
    const group = await find(declared.name);
    if (group && hasMark(group.attributes) && !isPowerful(group)) {
      return { membership: inDeclaredGroup(group.pk), group: declared };
    }
  }
  if (admittedBy === undefined) return { membership: inNoGroup };
  return { membership: await closingMembership(find, admittedBy), group: { name: admittedBy } };
}

export async function closingMembership(find: FindGroup, name: string): Promise<Membership> {
  const group = await find(name);
  if (group === undefined) throw new NoOwnLogin(`authentik has no group "${name}", which would admit it`);
  if (isPowerful(group)) throw new NoOwnLogin(`the group "${name}" has got rights in authentik`);
  return inClosingGroup(group.pk);
}

/** Members of a group also have the permissions of its parents. */
function isPowerful({ is_superuser, roles, parents = [], parent }: Group): boolean {
  return is_superuser || roles.length > 0 || parents.length > 0 || Boolean(parent);
}

export async function groupNamed(client: AuthentikClient, name: string): Promise<Group | undefined> {
  const isNamed = (group: Group) => group.name === name;
  const [group] = await client.groups.readWhere({ name, include_users: "false" }, isNamed);
  return group;
}
