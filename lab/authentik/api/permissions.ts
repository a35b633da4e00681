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
  const roles = await rolesOf(user, lab);
  return new Set(roles.flatMap((role) => listOf(role, "permissions").map(String)));
}

/** The keys of the objects of a kind on which a user's roles have this permission. */
export async function objectsAllowed(user: Document, permission: string, lab: Lab): Promise<Set<string>> {
  const allowed = (await rolesOf(user, lab)).flatMap((role) =>
    listOf(role, "object_permissions").map(String),
  );
  return new Set(
    allowed.map((one) => one.split(" ")).flatMap(([name, key = ""]) => (name === permission ? [key] : [])),
  );
}

/** Grants the creator's roles their initial permissions on a new object. */
export async function grantInitially(kind: Kind, key: string, user: Document, lab: Lab): Promise<void> {
  const initial = await lab.store.list("initial_permissions");
  for (const role of await rolesOf(user, lab)) {
    const ids = initial.filter((one) => one.role === role.pk).flatMap((one) => listOf(one, "permissions"));
    const given = userPermissions.filter(({ id }) => ids.includes(id)).map(({ codename }) => codename);
    if (kind.name !== "user" || given.length === 0) continue;
    const added = given.map((codename) => `${kind.app}.${codename} ${key}`);
    const object_permissions = [...listOf(role, "object_permissions"), ...added];
    await lab.store.put("role", String(role.pk), { ...role, object_permissions });
  }
}

/** The permissions on users, in the order of the list of all permissions. */
export const userPermissions = [
  "add_user",
  "change_user",
  "delete_user",
  "impersonate",
  "reset_user_password",
  "view_user",
].map((codename, index) => ({ id: 41 + index, codename, model: "user", app_label: "authentik_core" }));

async function rolesOf(user: Document, lab: Lab): Promise<Document[]> {
  const holders = [user, ...(await allGroupsOf(user, { lab }))];
  const keys = new Set(holders.flatMap((holder) => (holder.roles ? listOf(holder, "roles") : [])));
  return (await lab.store.list("role")).filter(({ pk }) => keys.has(pk ?? null));
}
