import { RejectedError, UserError } from "../core/errors";
import { undefinedIfMissing } from "../core/gone";
import { isMarked, mergeAttributes } from "./attributes";
import type { AuthentikClient } from "./client";
import type { Group, PolicyBinding } from "./wire";

/**
 * authentik lets everybody open an application without bindings (authentik/policies/engine.py, `empty_result`), and
 * deletes bindings together with their group. A binding of an empty group denies everybody and keeps the
 * application closed.
 */
interface Closing {
  readonly target: string;
  readonly closingGroup?: string | undefined;
  readonly ownershipMark?: string | undefined;
}

export function isClosing(
  { group_obj, enabled, negate }: PolicyBinding,
  closingGroup: string | undefined,
): boolean {
  return closingGroup !== undefined && group_obj?.name === closingGroup && enabled && !negate;
}

export async function ensureClosingBinding(
  client: AuthentikClient,
  closing: Closing,
  existing: readonly PolicyBinding[],
): Promise<void> {
  const { target, closingGroup } = closing;
  if (closingGroup === undefined) return;
  const present = existing.find((binding) => isClosing(binding, closingGroup))?.group_obj;
  if (present) return takeOver(client, present, closing.ownershipMark);
  const { pk: group } = await ensureGroup(client, closingGroup, closing.ownershipMark);
  const binding = {
    target,
    group,
    order: 0,
    enabled: true,
    negate: false,
    timeout: 30,
    failure_result: false,
  };
  await client.policyBindings.create(binding);
}

/** authentik deletes the binding together with its group. */
export async function deleteClosingGroup(
  client: AuthentikClient,
  name: string | undefined,
  ownershipMark: string | undefined,
): Promise<void> {
  if (!name) return;
  const group = await groupNamed(client, name);
  if (group !== undefined && isOurs(group, ownershipMark)) {
    await undefinedIfMissing(client.groups.delete(group.pk));
  }
}

/** Gives the group this stack's mark. Otherwise the stack that had the application before would delete the group. */
async function takeOver(
  client: AuthentikClient,
  group: Pick<Group, "pk" | "attributes">,
  ownershipMark: string | undefined,
): Promise<void> {
  if (ownershipMark === undefined || isOurs(group, ownershipMark)) return;
  const attributes = mergeAttributes(group.attributes, { attributes: {} }, { attributes: {}, ownershipMark });
  await client.groups.patch(group.pk, { attributes });
}

async function ensureGroup(
  client: AuthentikClient,
  name: string,
  ownershipMark: string | undefined,
): Promise<Group> {
  try {
    const attributes = mergeAttributes({}, { attributes: {} }, { attributes: {}, ownershipMark });
    return await client.groups.create({ name, attributes });
  } catch (error) {
    if (!(error instanceof RejectedError)) throw error;
    const existing = await groupNamed(client, name);
    if (existing === undefined) throw error;
    if (isOurs(existing, ownershipMark)) return existing;
    throw new UserError(
      `A group "${name}" exists already and was not made by this stack. This stack needs the name for a group without members: rename or remove that group.`,
    );
  }
}

async function groupNamed(client: AuthentikClient, name: string): Promise<Group | undefined> {
  const [group] = await client.groups.list({ name, include_users: "false" });
  return group;
}

function isOurs({ attributes }: Pick<Group, "attributes">, ownershipMark: string | undefined): boolean {
  return isMarked(attributes, { attributes: {}, ownershipMark });
}
