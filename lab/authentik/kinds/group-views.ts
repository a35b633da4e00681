import type { Context } from "../api/kind";
import type { Document, Json } from "../store/store";

/** The newer release allows any number of parents, the older one at most one. */
export function parentsOf(group: Document): Json[] {
  return Array.isArray(group.parents) ? group.parents : [group.parent ?? null];
}

/** A group in answers about bindings and users. */
export function partialGroup(group: Document): Document {
  const { pk, num_pk, name, is_superuser, attributes } = group;
  return {
    pk: pk ?? null,
    num_pk: num_pk ?? null,
    name: name ?? null,
    is_superuser: is_superuser ?? null,
    attributes: attributes ?? null,
  };
}

/** A group in a user's `groups_obj`. The older release adds the parent. */
export async function groupOfUser(group: Document, context: Pick<Context, "lab">): Promise<Document> {
  if (context.lab.profile.name === "2026.5") return partialGroup(group);
  return {
    ...partialGroup(group),
    parent: group.parent ?? null,
    parent_name: await parentName(group, context),
  };
}

export async function parentName(group: Document, context: Pick<Context, "lab">): Promise<Json> {
  if (typeof group.parent !== "string") return null;
  return (await context.lab.store.get("group", group.parent))?.name ?? null;
}
