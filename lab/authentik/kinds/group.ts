import { randomInt } from "node:crypto";
import { boolean, dictionary, relation, relations, text } from "../api/field-types";
import type { Context, Field, Kind } from "../api/kind";
import { integerOf, listOf } from "../lab";
import type { Profile } from "../profile";
import type { Document, Json } from "../store/store";
import { parentName, parentsOf } from "./group-views";
import { fixed } from "./provider";
import { autocomplete, partialUser, plain, relationTo } from "./user";

export function groupKind(profile: Profile): Kind {
  const newer = profile.name === "2026.5";
  return {
    name: "group",
    path: "core/groups",
    model: "Group",
    app: "authentik_core",
    modelName: "group",
    identity: "uuid",
    primaryKey: "pk",
    lookup: "pk",
    methods: ["list", "create", "retrieve", "update", "destroy"],
    describe: (document) => `Group ${document.name}`,
    order: ["name"],
    search: ["name", "is_superuser"],
    filters: { name: { type: "exact" }, is_superuser: { type: "boolean" } },
    autocomplete: newer
      ? autocomplete("authentik_core.group", {
          name: plain("str"),
          is_superuser: { type: "bool", nullable: true, options: null },
          attributes: relationTo("authentik_core.group_attributes"),
        })
      : {},
    fields: [
      { name: "pk", readOnly: true },
      { name: "num_pk", readOnly: true, default: () => randomInt(10_000, 100_000) },
      { name: "name", required: true, parse: text(), unique: profile.duplicateGroupError },
      { name: "is_superuser", parse: boolean(), default: false },
      ...(newer ? PARENT_FIELDS : OLD_PARENT_FIELDS),
      {
        name: "users",
        ...relations("user"),
        valueOfPutWithout: [],
        // The user's document stores memberships. A user's request can set them too.
        relation: undefined,
        show: async (document, context) =>
          (await membersOf(document, context)).map((user) => integerOf(user, "pk")),
        write: replaceMembers,
      },
      {
        name: "users_obj",
        readOnly: true,
        show: async (document, context) =>
          context.query.get("include_users") === "false"
            ? null
            : (await membersOf(document, context)).map(partialUser),
      },
      { name: "attributes", parse: dictionary(), default: {} },
      { name: "roles", default: [], ...relations("role") },
      fixed("roles_obj", []),
      ...(newer ? [fixed("inherited_roles_obj", null)] : []),
      fixed("children_obj", null),
    ],
  };
}

const PARENT_FIELDS: Field[] = [
  { name: "parents", default: [], ...relations("group") },
  fixed("parents_obj", null),
  { name: "children", readOnly: true, show: childrenOf },
];

const OLD_PARENT_FIELDS: Field[] = [
  { name: "parent", nullable: true, default: null, ...relation("group", "set_null") },
  { name: "parent_name", readOnly: true, show: parentName },
  { name: "children", ...relations("group"), relation: undefined, show: childrenOf, write: adoptChildren },
];

async function membersOf(group: Document, context: Pick<Context, "lab">): Promise<Document[]> {
  const users = await context.lab.store.list("user");
  return users.filter((user) => listOf(user, "groups").includes(group.pk ?? null));
}

async function replaceMembers(value: Json, group: Document, context: Context): Promise<void> {
  const members = Array.isArray(value) ? value : [];
  for (const user of await context.lab.store.list("user")) {
    await setMembership(user, group, members.includes(user.pk ?? null), context);
  }
}

export async function setMembership(
  user: Document,
  group: Document,
  member: boolean,
  context: Pick<Context, "lab">,
): Promise<void> {
  const groups = listOf(user, "groups");
  const key = group.pk ?? null;
  if (groups.includes(key) === member) return;
  user.groups = member ? [...groups, key] : groups.filter((other) => other !== key);
  await context.lab.store.put("user", String(user.pk), user);
}

async function childrenOf(group: Document, context: Context): Promise<Json> {
  const groups = await context.lab.store.list("group");
  const key = group.pk ?? null;
  return groups.filter((other) => parentsOf(other).includes(key)).map((other) => other.pk ?? null);
}

async function adoptChildren(value: Json, group: Document, { lab }: Context): Promise<void> {
  const children = Array.isArray(value) ? value : [];
  for (const child of await lab.store.list("group")) {
    if (!children.includes(child.pk ?? null)) continue;
    await lab.store.put("group", String(child.pk), { ...child, parent: group.pk ?? null });
  }
}
