import { allGroupsOf } from "../kinds/user";
import { type Lab, listOf } from "../lab";
import type { Document } from "../store/store";
import type { Method } from "./endpoint";
import type { Kind } from "./kind";

type Action = "view" | "add" | "change" | "delete";

/** The full name of a permission, such as `authentik_core.add_application`. */
export function permission(kind: Kind, action: Action, suffix = ""): string {
  return `${kind.guardedAs ?? `${kind.app}.${kind.modelName}`}${suffix}`.replace(".", `.${action}_`);
}

/** The permissions that the list and detail URLs of a kind require. */
export function permissionsFor(kind: Kind): Record<Method, string> {
  return {
    GET: permission(kind, "view"),
    POST: permission(kind, "add"),
    PUT: permission(kind, "change"),
    PATCH: permission(kind, "change"),
    DELETE: permission(kind, "delete"),
  };
}

/** A user's permissions on all objects: from the user's roles and those of direct and parent groups. */
export async function permissionsOf(user: Document, lab: Lab): Promise<Set<string>> {
  const holders = [user, ...(await allGroupsOf(user, { lab }))];
  const keys = new Set(holders.flatMap((holder) => (holder.roles ? listOf(holder, "roles") : [])));
  const roles = (await lab.store.list("role")).filter(({ pk }) => keys.has(pk ?? null));
  return new Set(roles.flatMap((role) => listOf(role, "permissions").map(String)));
}
