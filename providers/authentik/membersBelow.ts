import { NotFoundError, UserError } from "../core/errors";
import type { AuthentikClient } from "./client";
import type { Group } from "./wire";

/** authentik does not show a group, so its members are unknown. */
export class UnseenGroupError extends UserError {}

export interface Member {
  readonly username: string;
  readonly email: string;
}

/**
 * The active members of groups, by the group's id. Members of a group below it are included, because a binding admits
 * them too.
 */
export async function membersBelow(
  client: AuthentikClient,
  pks: readonly string[],
): Promise<ReadonlyMap<string, readonly Member[]>> {
  if (pks.length === 0) return new Map();
  const all = await client.groups.all();
  const below = new Map(pks.map((pk) => [pk, withGroupsBelow(pk, all)]));
  const asked = [...new Set([...below.values()].flat())];
  const direct = new Map(
    await Promise.all(asked.map(async (pk) => [pk, await directMembers(client, pk)] as const)),
  );
  return new Map([...below].map(([pk, groups]) => [pk, groups.flatMap((group) => direct.get(group) ?? [])]));
}

/** The group itself and all groups below it. */
export function withGroupsBelow(pk: string, all: readonly Group[]): string[] {
  const found = new Set([pk]);
  // A set visits the items that are added during the loop.
  for (const above of found) {
    for (const group of all) if (parentsOf(group).includes(above)) found.add(group.pk);
  }
  return [...found];
}

function parentsOf({ parents, parent }: Group): readonly string[] {
  return parents ?? (parent ? [parent] : []);
}

/** Fails for a group that is not visible: without its members, people would lose their roles. */
async function directMembers(client: AuthentikClient, pk: string): Promise<Member[]> {
  try {
    const { users_obj } = await client.groups.get(pk);
    if (users_obj === undefined || users_obj === null) {
      throw new UserError(`authentik's answer about the group ${pk} lacks the members.`);
    }
    return users_obj.filter(({ is_active }) => is_active);
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    throw new UnseenGroupError(
      `authentik shows no group ${pk}, so its members are unknown. Nobody's roles have changed. ` +
        "If somebody deleted the group, run pulumi up --refresh. Otherwise let the API token see groups (authentik_core.view_group).",
      { cause: error },
    );
  }
}
