import { hasMark } from "../../authentik/attributes";
import type { AuthentikClient } from "../../authentik/client";
import type { Group } from "../../authentik/wire";
import { NoOwnLogin } from "./noOwnLogin";

/** A group of authentik whose roles may be tried, with the paths of these roles. */
export interface GroupToTry {
  readonly name: string;
  readonly paths: readonly string[];
}

/** The group that admits the proof's user. It must give no rights in authentik. */
export async function admittingGroup(
  client: AuthentikClient,
  name: string | undefined,
): Promise<Group | undefined> {
  if (name === undefined) return undefined;
  const group = await groupNamed(client, name);
  if (group === undefined) throw new NoOwnLogin(`authentik has no group "${name}", which would admit it`);
  if (isPowerful(group)) throw new NoOwnLogin(`the group "${name}" has got rights in authentik`);
  return group;
}

/** The first group that this program created and that grants nothing in authentik itself. */
export async function firstFit(client: AuthentikClient, groups: readonly GroupToTry[]) {
  for (const { name, paths } of groups) {
    const group = await groupNamed(client, name);
    if (group && hasMark(group.attributes) && !isPowerful(group)) return { pk: group.pk, name, paths };
  }
  return undefined;
}

/** Members of a group also have the permissions of its parents. */
function isPowerful({ is_superuser, roles, parents = [], parent }: Group): boolean {
  return is_superuser || roles.length > 0 || parents.length > 0 || Boolean(parent);
}

async function groupNamed(client: AuthentikClient, name: string): Promise<Group | undefined> {
  const isNamed = (group: Group) => group.name === name;
  const [group] = await client.groups.readWhere({ name, include_users: "false" }, isNamed);
  return group;
}
