import { createHash, randomBytes, scryptSync, timingSafeEqual } from "node:crypto";
import { boolean, choice, dictionary, email, relations, text } from "../api/field-types";
import type { Context, Kind } from "../api/kind";
import { show } from "../api/objects";
import { endSession, storedSessions } from "../flows/sessions";
import { integerOf, listOf, newUuid, optionalTextOf, textOf } from "../lab";
import type { Profile } from "../profile";
import type { Document, Json } from "../store/store";
import { groupOfUser, parentsOf } from "./group-views";
import { fixed } from "./provider";

/** The real server creates some accounts before the first visible user. */
const FIRST_USER = 5;

/** Low, because tests set and check many passwords. */
const hashCost = 1024;

export function userKind(profile: Profile): Kind {
  return {
    name: "user",
    path: "core/users",
    model: "User",
    app: "authentik_core",
    modelName: "user",
    identity: "integer",
    primaryKey: "pk",
    firstKey: FIRST_USER,
    lookup: "pk",
    methods: ["list", "create", "retrieve", "update", "destroy"],
    describe: (document) => String(document.username),
    order: ["username"],
    search: ["username", "name", "email", "uuid"],
    filters: {
      username: { type: "exact" },
      name: { type: "exact" },
      email: { type: "exact" },
      uuid: { type: "exact" },
      path: { type: "exact" },
      path_startswith: {
        type: "custom",
        accepts: (start, { path }) => String(path).startsWith(start),
      },
      is_active: { type: "boolean" },
    },
    autocomplete: autocomplete("authentik_core.user", {
      username: plain("str"),
      name: plain("str"),
      email: plain("str"),
      path: plain("str"),
      is_active: { type: "bool", nullable: true, options: null },
      type: { type: "str", nullable: false, options: USER_TYPES },
      attributes: relationTo("authentik_core.user_attributes"),
    }),
    saved: async (document, context) => {
      document.uid ??= createHash("sha256").update(`${document.pk}-${document.uuid}`).digest("hex");
      document.last_updated = new Date().toISOString();
      await context.lab.store.put("user", String(document.pk), document);
      if (document.is_active === false) {
        for (const session of await storedSessions(context.lab)) {
          if (session.user === document.pk) await endSession(context.lab, session);
        }
      }
    },
    fields: [
      { name: "pk", readOnly: true },
      { name: "username", required: true, parse: text({ max: 150 }), unique: "This field must be unique." },
      { name: "name", required: true, parse: text({ blank: true }) },
      { name: "is_active", parse: boolean(), default: true },
      { name: "last_login", readOnly: true, default: null },
      { name: "date_joined", readOnly: true, default: () => new Date().toISOString() },
      { name: "is_superuser", readOnly: true, show: isSuperuser },
      { name: "groups", default: [], ...relations("group") },
      {
        name: "groups_obj",
        readOnly: true,
        show: showGroups,
      },
      ...(profile.name === "2026.5"
        ? [{ name: "roles", default: [], ...relations("role") }, fixed("roles_obj", [])]
        : []),
      { name: "email", parse: email(), default: "" },
      { name: "avatar", readOnly: true, show: avatar },
      { name: "attributes", parse: dictionary(), default: {} },
      { name: "uid", readOnly: true },
      { name: "path", parse: text(), default: "users" },
      { name: "type", parse: choice(USER_TYPES), default: "internal" },
      { name: "uuid", readOnly: true, default: newUuid },
      { name: "password_change_date", readOnly: true, default: () => new Date().toISOString() },
      { name: "last_updated", readOnly: true },
    ],
  };
}

const USER_TYPES = ["internal", "external", "service_account", "internal_service_account"];

async function showGroups(user: Document, context: Context): Promise<Json> {
  if (context.query.get("include_groups") === "false") return null;
  const groups = await groupsOf(user, context);
  return Promise.all(groups.map((group) => groupOfUser(group, context)));
}

export function autocomplete(model: string, fields: Document): Json {
  return { current_model: model, models: { [model]: fields } };
}

export function plain(type: string): Json {
  return { type, nullable: false, options: null };
}

export function relationTo(relation: string): Json {
  return { type: "relation", nullable: false, options: null, relation };
}

export async function groupsOf(user: Document, context: Pick<Context, "lab">): Promise<Document[]> {
  const groups = await context.lab.store.list("group");
  const own = listOf(user, "groups");
  return groups.filter((group) => own.includes(group.pk ?? null));
}

/** The user's groups and their parent groups. Bindings apply to all of them. */
export async function allGroupsOf(user: Document, context: Pick<Context, "lab">): Promise<Document[]> {
  const groups = new Map(
    (await context.lab.store.list("group")).map((group) => [group.pk ?? null, group] as const),
  );
  const all = new Set<Document>();
  const add = (key: Json): void => {
    const group = groups.get(key);
    if (!group || all.has(group)) return;
    all.add(group);
    for (const parent of parentsOf(group)) add(parent);
  };
  for (const key of listOf(user, "groups")) add(key);
  return [...all];
}

export async function isSuperuser(user: Document, context: Pick<Context, "lab">): Promise<boolean> {
  return (await allGroupsOf(user, context)).some((group) => group.is_superuser === true);
}

export function avatar(document: Document): string {
  const initials = textOf(document, "username").slice(0, 2).toUpperCase();
  const image = `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><text x="50%" y="50%">${initials}</text></svg>`;
  return `data:image/svg+xml;base64,${Buffer.from(image).toString("base64")}`;
}

/** A user in answers about bindings and groups. */
export function partialUser(user: Document): Document {
  const { pk, username, name, is_active, last_login, email: address, attributes, uid } = user;
  return {
    pk: pk ?? null,
    username: username ?? null,
    name: name ?? null,
    is_active: is_active ?? null,
    last_login: last_login ?? null,
    email: address ?? null,
    attributes: attributes ?? null,
    uid: uid ?? null,
  };
}

export async function showCurrentUser(context: Context): Promise<Document> {
  const shown = await show(context.kinds.user, context.user, context);
  const { pk, username, name, is_active, is_superuser, email: address, uid, type, avatar: image } = shown;
  const groups = await groupsOf(context.user, context);
  return {
    user: {
      pk: pk ?? null,
      username: username ?? null,
      name: name ?? null,
      is_active: is_active ?? null,
      is_superuser: is_superuser ?? null,
      ...(context.lab.profile.has2026_8 && { is_current: true }),
      groups: groups.map((group) => ({ name: group.name ?? null, pk: group.pk ?? null })),
      ...(context.lab.profile.name === "2026.5" ? { roles: [] } : {}),
      email: address ?? null,
      avatar: image ?? null,
      uid: uid ?? null,
      settings: {},
      type: type ?? null,
      system_permissions: is_superuser ? context.lab.profile.systemPermissions : [],
    },
  };
}

export async function setPassword(
  user: Document,
  password: string,
  context: Pick<Context, "lab">,
): Promise<void> {
  const salt = randomBytes(16).toString("hex");
  user.password = `${hashCost}$${salt}$${scryptSync(password, salt, 32, { N: hashCost }).toString("hex")}`;
  user.password_change_date = new Date().toISOString();
  await context.lab.store.put("user", String(integerOf(user, "pk")), user);
}

export function passwordMatches(user: Document, password: string): boolean {
  // Labs of earlier versions have stored no cost.
  const [hash, salt, cost = 16_384] = (optionalTextOf(user, "password") ?? "").split("$").reverse();
  if (!salt || !hash) return false;
  return timingSafeEqual(Buffer.from(hash, "hex"), scryptSync(password, salt, 32, { N: Number(cost) }));
}
