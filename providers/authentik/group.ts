import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { ResourceDefinition } from "../core/definition";
import { NotFoundError, UserError } from "../core/errors";
import { undefinedIfMissing } from "../core/gone";
import { DefinedResource } from "../core/resource";
import { setOf } from "../core/setOf";
import { givenKeys } from "../core/unset";
import { isOlder } from "../core/versions";
import type { GroupArgs } from "./args/group";
import {
  attributes,
  attributesChanged,
  hasForeignMark,
  isMarked,
  mergeAttributes,
  observeAttributes,
  ownershipMark,
} from "./attributes";
import type { AuthentikClient } from "./client";
import { authentikConnection, connectAuthentik } from "./connection";
import { askAuthentikVersion, authentikVersions } from "./versions";
import type { Group as Remote } from "./wire";

const inputs = z.object({
  authentik: authentikConnection,
  /** Name of the group, unique in authentik. */
  name: z.string().trim().min(1),
  /** Ids (`pk`) of the parent groups. More than one requires authentik 2025.12. */
  parents: setOf(z.uuid()).default([]),
  /** Whether its members are superusers of authentik. */
  isSuperuser: z.boolean().default(false),
  attributes,
  /** Ids of the roles of its members. */
  roles: setOf(z.uuid()).default([]),
  ownershipMark,
  /** Use an existing group that does not belong to the stack, without changing or deleting it. */
  reuse: z.boolean().default(false),
  /** Take over a group that exists already. */
  adopt: z.boolean().default(false),
});

type Inputs = z.output<typeof inputs>;

interface Found {
  readonly group: Remote;
  readonly reused: boolean;
}

/** Message for a group that was renamed in authentik. */
export function whatToDoAboutNewName(
  { name, reused }: { name: string; reused: boolean },
  newName: string,
): string {
  const next = reused
    ? "Until then its members get no rights."
    : `The next \`pulumi up\` renames it to "${name}".`;
  return (
    `The group "${name}" is now called "${newName}" in authentik. ` +
    `To follow, rename it in \`access\`, and keep the old name on Proxmox with \`as\`. ${next}`
  );
}

/** Uses that a deletion of the group would break: memberships, and bindings of other applications. */
async function usesOf(client: AuthentikClient, pk: string): Promise<string[]> {
  const [members, bindings] = await Promise.all([
    client.members(pk),
    client.policyBindings.readWhere({}, ({ group }) => group === pk),
  ]);
  const bound = bindings.length;
  return [
    ...(members.length > 0
      ? [`it has ${members.length === 1 ? "a member" : `${members.length} members`} (${members.join(", ")})`]
      : []),
    ...(bound > 0 ? [`${bound === 1 ? "a binding" : `${bound} bindings`} of others use it`] : []),
  ];
}

async function body(client: AuthentikClient, wanted: Inputs, keys: ReadonlySet<string>): Promise<object> {
  const { name, isSuperuser, parents, roles } = wanted;
  if (keys.has("parents") && parents.length > 1) await requireSeveralParents(client);
  return {
    ...(keys.has("name") && { name }),
    ...(keys.has("isSuperuser") && { is_superuser: isSuperuser }),
    // `parent` is for versions before 2025.12. Each version ignores the field of the other.
    ...(keys.has("parents") && { parents, parent: parents[0] ?? null }),
    ...(keys.has("roles") && { roles }),
  };
}

async function requireSeveralParents(client: AuthentikClient): Promise<void> {
  const version = await askAuthentikVersion(client);
  if (!isOlder(version, authentikVersions.severalParents)) return;
  throw new UserError(
    `more than one of \`parents\` needs authentik 2025.12 or later, and this is ${version}. Nothing was written. Name one parent or upgrade authentik.`,
  );
}

export const groupDefinition: ResourceDefinition<
  typeof inputs,
  Found,
  { pk: string; reused: boolean },
  AuthentikClient
> = {
  type: "authentik:Group",
  title: "authentik group",
  inputs,
  ownership: {
    keys: ({ pk }) => [pk],
    matches: ({ group, reused }, state) =>
      group.pk === state.pk && (reused || !hasForeignMark(group.attributes, state)),
  },
  // A replacement would delete memberships and the bindings of other applications.
  staysWhileDeclared: true,
  replaceOn: [],
  namesAreUnique: true,
  secrets: [],
  id: ({ name }) => name,
  connect: ({ authentik }, credentials) => connectAuthentik(authentik, credentials),

  validate: ({ reuse, adopt }) =>
    reuse && adopt ? [{ property: "reuse", reason: "does not go together with `adopt`" }] : [],

  async find(client, wanted) {
    const [group] = await client.groups.list({ name: wanted.name, include_users: "false" });
    if (group === undefined) return undefined;
    const ours = isMarked(group.attributes, wanted);
    return {
      remote: { group, reused: wanted.reuse && !ours },
      ours: ours || wanted.reuse,
      description: `A group "${wanted.name}"`,
    };
  },

  async create(client, wanted) {
    const group = await client.groups.create({
      ...(await body(client, wanted, givenKeys(wanted))),
      attributes: mergeAttributes({}, wanted, wanted),
    });
    return { group, reused: false };
  },

  async read(client, state) {
    const group = await undefinedIfMissing(client.groups.read(state.pk));
    if (group === undefined) return undefined;
    if (group.name !== state.name) console.log(whatToDoAboutNewName(state, group.name));
    return { group, reused: state.reused };
  },

  async update(client, current, wanted, changed) {
    if (current.reused) throw new NotFoundError("a reused group is not changed, but looked for again");
    const data = await body(client, wanted, changed);
    const stored = attributesChanged(changed) && (await client.groups.get(current.pk)).attributes;
    const group = await client.groups.patch(current.pk, {
      ...data,
      ...(stored && { attributes: mergeAttributes(stored, current, wanted) }),
    });
    return { group, reused: false };
  },

  async delete(client, state) {
    if (state.reused) return;
    const uses = await usesOf(client, state.pk);
    if (uses.length === 0) {
      await undefinedIfMissing(client.groups.delete(state.pk));
      return;
    }
    const { attributes } = await client.groups.get(state.pk);
    await client.groups.patch(state.pk, {
      attributes: mergeAttributes(attributes, state, { attributes: state.attributes }),
    });
    console.log(
      `The group "${state.name}" stays in authentik and no longer belongs to this stack: ${uses.join(", and ")}.`,
    );
  },

  observe: ({ group, reused }, state) =>
    reused
      ? {}
      : {
          name: group.name,
          isSuperuser: group.is_superuser,
          parents: [...(group.parents ?? (group.parent ? [group.parent] : []))].sort(),
          roles: [...group.roles].sort(),
          ...observeAttributes(group.attributes, state),
        },

  outputs: ({ group, reused }) => ({ pk: group.pk, reused }),
};

export type { GroupArgs };

/** A group of authentik. Its members are never changed. */
export class Group extends DefinedResource<typeof inputs, GroupArgs> {
  /** The uuid that bindings and users reference. */
  declare readonly pk: pulumi.Output<string>;
  declare readonly name: pulumi.Output<string>;
  /** Whether the group belongs to somebody else and is used unchanged. */
  declare readonly reused: pulumi.Output<boolean>;

  constructor(name: string, args: GroupArgs, options?: pulumi.CustomResourceOptions) {
    super(groupDefinition, ["pk", "reused"], name, args, options);
  }
}
