import { allGroupsOf } from "../kinds/user";
import { type Lab, listOf } from "../lab";
import type { Document } from "../store/store";
import type { Method } from "./endpoint";
import type { Kind } from "./kind";

type Action = "view" | "add" | "change" | "delete";

/** A permission by its full name, such as `authentik_core.add_application`. */
export function permission(kind: Kind, action: Action, suffix = ""): string {
  return `${kind.guardedAs ?? `${kind.app}.${kind.modelName}`}${suffix}`.replace(".", `.${action}_`);
}

/** What a method at the list and detail URLs of a kind asks for. */
export function permissionsFor(kind: Kind): Record<Method, string> {
  return {
    GET: permission(kind, "view"),
    POST: permission(kind, "add"),
    PUT: permission(kind, "change"),
    PATCH: permission(kind, "change"),
    DELETE: permission(kind, "delete"),
  };
}

/** What a user's roles allow on all objects, those of their groups and of the groups above included. */
export async function permissionsOf(user: Document, lab: Lab): Promise<Set<string>> {
  const holders = [user, ...(await allGroupsOf(user, { lab }))];
  const keys = new Set(holders.flatMap((holder) => (holder.roles ? listOf(holder, "roles") : [])));
  const roles = (await lab.store.list("role")).filter(({ pk }) => keys.has(pk ?? null));
  return new Set(roles.flatMap((role) => listOf(role, "permissions").map(String)));
}
