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
  find: (name: string) => Promise<Group | undefined>,
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
  const group = await find(admittedBy);
  if (group === undefined) {
    throw new NoOwnLogin(`authentik has no group "${admittedBy}", which would admit it`);
  }
  if (isPowerful(group)) throw new NoOwnLogin(`the group "${admittedBy}" has got rights in authentik`);
  return { membership: inClosingGroup(group.pk), group: { name: admittedBy } };
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
