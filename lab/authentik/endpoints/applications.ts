import { type Answer, type Call, type Endpoint, ok, parameter } from "../api/endpoint";
import { ApiError, invalid, notFound } from "../api/errors";
import type { Context, Kinds } from "../api/kind";
import { listPage } from "../api/listing";
import { create, find, validate } from "../api/objects";
import { permission } from "../api/permissions";
import { isSuperuser } from "../kinds/user";
import { isDocument } from "../lab";
import { mayUse } from "../oidc/access";
import type { Profile } from "../profile";
import type { Document, Json } from "../store/store";
import { showPage } from "./objects";

const PROVIDER_MODEL = "authentik_providers_oauth2.oauth2provider";

export function applicationEndpoints(kinds: Kinds, profile: Profile): Endpoint[] {
  const path = kinds.application.path;
  const setIcon: Endpoint = {
    path: `${path}/:key/set_icon_url/`,
    permissions: { POST: permission(kinds.application, "change") },
    methods: { POST: setIconUrl },
  };
  return [
    ...(profile.name === "2025.10" ? [setIcon] : []),
    { path: `${path}/:key/check_access/`, access: "user", methods: { GET: checkAccess } },
    { path: "core/transactional/applications/", methods: { PUT: createWithProvider } },
  ];
}

/**
 * authentik caches the users' list by user and page. The cache ignores filters, so a filtered request can get the
 * results of an earlier one. A search or `superuser_full_list` bypasses it.
 */
export async function listApplications({ context }: Call): Promise<Answer> {
  const kind = context.kinds.application;
  const page = await listPage(kind, context);
  const full = context.query.get("superuser_full_list")?.toLowerCase() === "true";
  if (full && (await isSuperuser(context.user, context))) return ok(await showPage(kind, page, context));
  const documents = context.query.get("search")
    ? await allowed(page.documents, context)
    : await cached(page.documents, context);
  return ok(await showPage(kind, { ...page, documents }, context));
}

async function cached(documents: Document[], context: Context): Promise<Document[]> {
  const { applicationCache } = context.lab;
  const key = `${context.user.pk}/${context.query.get("page") ?? "1"}`;
  const remembered = applicationCache.get(key) ?? [];
  if (remembered.length > 0) return remembered;
  const visible = await allowed(documents, context);
  applicationCache.set(key, structuredClone(visible));
  return visible;
}

async function allowed(documents: Document[], context: Context): Promise<Document[]> {
  const visible: Document[] = [];
  for (const document of documents) {
    if (await mayUse(document, context.user, context.lab)) visible.push(document);
  }
  return visible;
}

async function checkAccess(call: Call): Promise<Answer> {
  const { context } = call;
  const application = await find(context.kinds.application, parameter(call, "key"), context);
  const other = context.query.get("for_user");
  const user = other === null ? context.user : await context.lab.store.get("user", other);
  if (!user) throw notFound("User");
  const passing = await mayUse(application, user, context.lab);
  return ok({ passing, messages: [], log_messages: [] });
}

async function setIconUrl(call: Call): Promise<Answer> {
  const { context, body } = call;
  const kind = context.kinds.application;
  const application = await find(kind, parameter(call, "key"), context);
  const url = isDocument(body) ? body.url : undefined;
  if (url === undefined) return { status: 400 };
  // The API shows an empty value as null.
  await context.lab.store.put(kind.name, String(application.pk), { ...application, meta_icon: url || null });
  return ok({});
}

async function createWithProvider({ context, body }: Call): Promise<Answer> {
  if (!isDocument(body)) throw invalid({ non_field_errors: ["Invalid data."] });
  const { provider, application } = context.kinds;
  if (body.provider_model !== PROVIDER_MODEL) {
    throw invalid({ provider_model: [`"${body.provider_model}" is not a valid choice.`] });
  }
  const fresh = { previous: undefined, partial: false };
  await named("app", () => validate(application, { body: body.app ?? {}, ...fresh }, context));
  await named("provider", () => validate(provider, { body: body.provider ?? {}, ...fresh }, context));
  // The real server rolls its transaction back, which still uses one key.
  await context.lab.store.nextInteger(provider.name, 1);
  const made = await create(provider, body.provider ?? {}, context);
  const target = await create(
    application,
    { ...requireDocument(body.app), provider: made.pk ?? null },
    context,
  );
  const bindings: Json[] = Array.isArray(body.policy_bindings) ? body.policy_bindings : [];
  for (const binding of bindings) {
    await create(context.kinds.binding, { ...requireDocument(binding), target: target.pk ?? null }, context);
  }
  return ok({ applied: true, logs: [] });
}

/** Errors of a part are listed below the part's name. */
async function named(name: string, check: () => Promise<unknown>): Promise<void> {
  try {
    await check();
  } catch (error) {
    if (error instanceof ApiError) throw invalid({ [name]: error.body });
    throw error;
  }
}

function requireDocument(value: Json | undefined): Document {
  if (isDocument(value)) return value;
  throw invalid({ non_field_errors: ["Invalid data. Expected a dictionary."] });
}
