import { Crash } from "../api/errors";
import { boolean, choice, relation, relations, text } from "../api/field-types";
import type { Context, Field, Kind } from "../api/kind";
import { show } from "../api/objects";
import { isDocument, isWithoutRedis, listOf, optionalTextOf, textOf } from "../lab";
import type { Profile } from "../profile";
import type { Document, Json } from "../store/store";
import { baseProviderFields, fixed } from "./provider";

/** These slugs would hide the OpenID endpoints below /application/o/. */
const RESERVED_SLUGS = ["authorize", "token", "device", "userinfo", "introspect", "revoke"];
const SLUG = /^[-a-zA-Z0-9_]+$/;
const LAUNCH_URL = /^(?:https?|ftps?|blank):\/\/[^\s]+$/i;

export function applicationKind(profile: Profile): Kind {
  return {
    name: "application",
    path: "core/applications",
    model: "Application",
    app: "authentik_core",
    modelName: "application",
    identity: "uuid",
    primaryKey: "pk",
    lookup: "slug",
    methods: ["list", "create", "retrieve", "update", "destroy"],
    describe: (document) => String(document.name),
    order: ["name"],
    search: ["name", "slug", "meta_launch_url", "meta_description", "meta_publisher", "group"],
    filters: {
      name: { type: "exact" },
      slug: { type: "exact" },
      meta_launch_url: { type: "exact" },
      meta_description: { type: "exact" },
      meta_publisher: { type: "exact" },
      group: { type: "exact" },
    },
    // In the newer release, a PATCH returns the provider with the old names.
    echo: (shown, _stored, previous) =>
      profile.name === "2026.5" && isDocument(shown.provider_obj) && previous.provider === shown.provider
        ? {
            ...shown,
            provider_obj: {
              ...shown.provider_obj,
              assigned_application_name: previous.name ?? null,
              assigned_application_slug: previous.slug ?? null,
            },
          }
        : shown,
    created: ({ lab }) => {
      if (isWithoutRedis(lab)) throw new Crash("no redis to clear the list's cache in");
      lab.applicationCache.clear();
    },
    fields: [
      { name: "pk", readOnly: true },
      { name: "name", required: true, parse: text() },
      {
        name: "slug",
        required: true,
        parse: text({ max: profile.slugLimit, check: (value) => checkSlug(value, profile) }),
        unique: "Application with this slug already exists.",
      },
      {
        name: "provider",
        nullable: true,
        default: null,
        ...relation("provider", "set_null"),
        unique: "Application with this provider already exists.",
      },
      { name: "provider_obj", readOnly: true, show: showProvider },
      { name: "backchannel_providers", default: [], ...relations("provider") },
      fixed("backchannel_providers_obj", []),
      {
        name: "launch_url",
        readOnly: true,
        show: (document, context) => launchUrl(document, context.user, context),
      },
      { name: "open_in_new_tab", parse: (value: Json) => value === true, default: false },
      {
        name: "meta_launch_url",
        default: "",
        parse: text({
          blank: true,
          check: (value) => (LAUNCH_URL.test(value) ? undefined : "Enter a valid URL."),
        }),
      },
      ...iconFields(profile),
      { name: "meta_description", parse: text({ blank: true }), default: "" },
      { name: "meta_publisher", parse: text({ blank: true }), default: "" },
      { name: "policy_engine_mode", parse: choice(["all", "any"]), default: "any" },
      ...(profile.has2026_8
        ? [{ name: "pbm_uuid", readOnly: true, show: ({ pk = null }: Document) => pk }]
        : []),
      ...(profile.isReleased ? [{ name: "meta_hide", parse: boolean(), default: false }] : []),
      { name: "group", parse: text({ blank: true }), default: "" },
    ],
  };
}

function checkSlug(value: string, profile: Profile): string | undefined {
  if (!SLUG.test(value)) return profile.slugError;
  if (RESERVED_SLUGS.includes(value)) {
    return `The slug '${value}' is reserved and cannot be used for applications.`;
  }
  return undefined;
}

async function providerOf(document: Document, context: Pick<Context, "lab">): Promise<Document | undefined> {
  if (document.provider === null) return undefined;
  return context.lab.store.get("provider", String(document.provider));
}

async function showProvider(document: Document, context: Context): Promise<Json> {
  const provider = await providerOf(document, context);
  return provider
    ? show({ ...context.kinds.provider, fields: baseProviderFields(context.lab.profile) }, provider, context)
    : null;
}

/** The configured URL, or one from the provider's first redirect URI. */
export async function launchUrl(
  document: Document,
  user: Document | undefined,
  context: Pick<Context, "lab">,
): Promise<string | null> {
  const configured = textOf(document, "meta_launch_url");
  if (configured !== "") {
    return user ? configured.replace(/%\((\w+)\)s/g, (match, key) => String(user[key] ?? match)) : configured;
  }
  const provider = await providerOf(document, context);
  if (!provider) return null;
  const first = listOf(provider, "redirect_uris").find(
    (entry) => isDocument(entry) && (entry.redirect_uri_type ?? "authorization") === "authorization",
  );
  if (!isDocument(first)) return null;
  // Drops only the path. Normalizes nothing.
  return textOf(first, "url").replace(/^([a-z][a-z0-9+.-]*:\/\/[^/?#]*)\/[^?#]*/i, "$1");
}

function iconFields(profile: Profile): Field[] {
  if (profile.name === "2025.10") {
    // A separate call sets it.
    return [
      {
        name: "meta_icon",
        readOnly: true,
        default: null,
        show: (document) => addressOf(document, (path) => `/media/public/${path}`),
      },
    ];
  }
  return [
    {
      name: "meta_icon",
      default: "",
      parse: text({
        blank: true,
        check: (value) =>
          value.split("/").includes("..") ? "Parent directory references ('..') are not allowed" : undefined,
      }),
    },
    {
      name: "meta_icon_url",
      readOnly: true,
      show: (document) => addressOf(document, (path) => `/files/media/public/${path}?token=simulated`),
    },
    fixed("meta_icon_themed_urls", null),
  ];
}

function addressOf(document: Document, inStorage: (path: string) => string): Json {
  const icon = optionalTextOf(document, "meta_icon");
  if (!icon) return null;
  return /^(?:https?|fa):\/\//.test(icon) || icon.startsWith("/static/") ? icon : inStorage(icon);
}
