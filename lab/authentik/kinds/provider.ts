import { randomBytes } from "node:crypto";
import { Crash, FieldError } from "../api/errors";
import { choice, duration, isUuid, pythonType, relation, relations, text } from "../api/field-types";
import type { Context, Field, Kind } from "../api/kind";
import { isDocument, listOf, textOf } from "../lab";
import type { Profile } from "../profile";
import type { Document, Json } from "../store/store";

const GENERATED_ID_LENGTH = 40;
const GENERATED_SECRET_LENGTH = 128;

export function providerKind(profile: Profile): Kind {
  const newer = profile.name === "2026.5";
  const ascii = profile.has2026_8 ? { check: problemWithAscii } : {};
  return {
    name: "provider",
    path: "providers/oauth2",
    model: "OAuth2Provider",
    app: "authentik_providers_oauth2",
    modelName: "oauth2provider",
    identity: "integer",
    primaryKey: "pk",
    lookup: "pk",
    methods: ["list", "create", "retrieve", "update", "destroy"],
    describe: (document) => `OAuth2 Provider ${document.name}`,
    order: ["name"],
    search: ["name"],
    filters: {
      name: { type: "exact" },
      client_id: { type: "exact" },
      client_type: { type: "exact" },
      signing_key: { type: "exact" },
      application__isnull: {
        type: "custom",
        accepts: async (wanted, document, context) =>
          ((await findApplication(document, context)) === undefined) === (wanted === "true"),
      },
    },
    // A PATCH returns the stored entries. A GET adds missing keys.
    echo: (shown, stored) => ({ ...shown, redirect_uris: stored.redirect_uris ?? null }),
    fields: [
      ...baseProviderFields(profile),
      { name: "client_type", parse: choice(["confidential", "public"]), default: "confidential" },
      // Without grant types, which is the API's default, a provider refuses every login.
      ...(profile.isReleased ? [{ name: "grant_types", parse: grantTypes(profile), default: [] }] : []),
      {
        name: "client_id",
        parse: text({ max: 255, ...ascii }),
        default: () => generateText(GENERATED_ID_LENGTH),
        unique: "OAuth2/OpenID Provider with this Client ID already exists.",
      },
      {
        name: "client_secret",
        parse: text({ blank: true, max: 255, ...ascii }),
        default: () => generateText(GENERATED_SECRET_LENGTH),
      },
      { name: "access_code_validity", parse: duration(), default: "minutes=1" },
      { name: "access_token_validity", parse: duration(), default: "hours=1" },
      { name: "refresh_token_validity", parse: duration(), default: "days=30" },
      ...(newer ? [{ name: "refresh_token_threshold", parse: duration(), default: "seconds=0" }] : []),
      { name: "include_claims_in_id_token", parse: (value: Json) => value === true, default: true },
      { name: "signing_key", nullable: true, default: null, ...relation("certificate", "set_null") },
      { name: "encryption_key", nullable: true, default: null, ...relation("certificate", "set_null") },
      {
        name: "redirect_uris",
        required: true,
        parse: parseRedirectUris,
        show: (document) => showRedirectUris(document, newer),
      },
      ...(newer
        ? [
            { name: "logout_uri", parse: text({ blank: true }), default: "" },
            { name: "logout_method", parse: choice(["backchannel", "frontchannel"]), default: "backchannel" },
          ]
        : [{ name: "backchannel_logout_uri", parse: text({ blank: true }), default: "" }]),
      {
        name: "sub_mode",
        parse: choice(["hashed_user_id", "user_id", "user_uuid", "user_username", "user_email", "user_upn"]),
        default: "hashed_user_id",
      },
      { name: "issuer_mode", parse: choice(["global", "per_provider"]), default: "per_provider" },
      // Sources are not simulated, so every id is accepted.
      { name: "jwt_federation_sources", default: [], parse: uuids },
      { name: "jwt_federation_providers", default: [], ...relations("provider") },
    ],
  };
}

/** A provider in `providers/all/` and in an application's `provider_obj`. */
export function baseProviderFields(profile: Profile): Field[] {
  return [
    { name: "pk", readOnly: true },
    { name: "name", required: true, parse: text(), unique: "provider with this name already exists." },
    { name: "authentication_flow", nullable: true, default: null, ...relation("flow", "set_null") },
    { name: "authorization_flow", required: true, ...relation("flow", "cascade") },
    { name: "invalidation_flow", required: true, ...relation("flow", "cascade") },
    { name: "property_mappings", default: [], ...relations("scope_mapping"), show: orderedMappings },
    fixed("component", "ak-provider-oauth2-form"),
    {
      name: "assigned_application_slug",
      readOnly: true,
      show: (document, context) => assigned(document, context, "slug"),
    },
    {
      name: "assigned_application_name",
      readOnly: true,
      show: (document, context) => assigned(document, context, "name"),
    },
    ...(profile.name === "2026.5"
      ? [
          fixed("assigned_backchannel_application_slug", null),
          fixed("assigned_backchannel_application_name", null),
        ]
      : []),
    fixed("verbose_name", "OAuth2/OpenID Provider"),
    fixed("verbose_name_plural", "OAuth2/OpenID Providers"),
    fixed("meta_model_name", "authentik_providers_oauth2.oauth2provider"),
  ];
}

export function fixed(name: string, value: Json): Field {
  return { name, readOnly: true, show: () => value };
}

export function generateText(length: number): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  return Array.from(randomBytes(length), (byte) => letters[byte % letters.length]).join("");
}

export async function findApplication(
  provider: Document,
  context: Pick<Context, "lab">,
): Promise<Document | undefined> {
  const applications = await context.lab.store.list("application");
  return applications.find((application) => application.provider === provider.pk);
}

async function assigned(document: Document, context: Context, key: string): Promise<Json> {
  return (await findApplication(document, context))?.[key] ?? null;
}

/** The real server stores a set, and returns custom mappings first. */
async function orderedMappings(document: Document, context: Context): Promise<Json> {
  const chosen = listOf(document, "property_mappings");
  const mappings = await context.lab.store.list("scope_mapping");
  const rank = (mapping: Document) => (mapping.managed === null ? 0 : 1);
  return mappings
    .filter((mapping) => chosen.includes(mapping.pk ?? null))
    .sort((left, right) => rank(left) - rank(right))
    .map((mapping) => mapping.pk ?? null);
}

const uuids: Field["parse"] = (value) => {
  if (Array.isArray(value) && value.every((item) => typeof item === "string" && isUuid(item))) return value;
  throw new FieldError("Expected a list of UUIDs.");
};

const GRANT_TYPES = [
  "authorization_code",
  "implicit",
  "hybrid",
  "refresh_token",
  "client_credentials",
  "password",
  "urn:ietf:params:oauth:grant-type:device_code",
];

function grantTypes({ has2026_8 }: Profile): Field["parse"] {
  const parseGrantType = choice([
    ...GRANT_TYPES,
    ...(has2026_8 ? ["urn:ietf:params:oauth:grant-type:token-exchange"] : []),
  ]);
  return async (value, input) => {
    if (!Array.isArray(value)) {
      throw new FieldError(`Expected a list of items but got type "${pythonType(value)}".`);
    }
    if (value.length === 0) throw new FieldError("This list may not be empty.");
    return Promise.all(value.map((item) => parseGrantType(item, input)));
  };
}

/** For client IDs and secrets, since 2026.8. */
function problemWithAscii(value: string): string | undefined {
  return /^[ -~]*$/.test(value) ? undefined : "Value must contain only printable ASCII characters.";
}

const parseMode = choice(["strict", "regex"]);
const parseType = choice(["authorization", "logout"]);

const parseRedirectUris: Field["parse"] = async (value, input) => {
  if (!Array.isArray(value)) {
    throw new FieldError({
      non_field_errors: [`Expected a list of items but got type "${pythonType(value)}".`],
    });
  }
  const parsed: Document[] = [];
  const errors: Json[] = [];
  for (const item of value) {
    const { entry, problems } = await parseRedirectUri(item, input);
    parsed.push(entry);
    errors.push(problems);
  }
  if (errors.some((problem) => isDocument(problem) && Object.keys(problem).length > 0))
    throw new FieldError(errors);
  for (const entry of parsed) requireValidPattern(entry);
  return parsed;
};

const parseRedirectUri = async (item: Json, input: Parameters<NonNullable<Field["parse"]>>[1]) => {
  const newer = input.context.lab.profile.name === "2026.5";
  const entry: Document = {};
  const problems: Document = {};
  if (!isDocument(item)) {
    problems.non_field_errors = [`Invalid data. Expected a dictionary, but got ${pythonType(item)}.`];
    return { entry, problems };
  }
  const parsers = {
    matching_mode: parseMode,
    url: text(),
    ...(newer ? { redirect_uri_type: parseType } : {}),
  };
  for (const [name, parse] of Object.entries(parsers)) {
    const value = item[name];
    if (value === undefined) {
      // A PATCH does not require the keys. The stored entry then lacks them.
      if (input.partial) continue;
      if (name === "redirect_uri_type") entry[name] = "authorization";
      else problems[name] = ["This field is required."];
      continue;
    }
    try {
      entry[name] = await parse(value, input);
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      problems[name] = error.detail;
    }
  }
  return { entry, problems };
};

function requireValidPattern(entry: Document): void {
  if (entry.matching_mode !== "regex") return;
  const pattern = textOf(entry, "url");
  try {
    new RegExp(pattern);
  } catch {
    throw new FieldError(`Invalid Regex Pattern: ${pattern}`);
  }
}

/** An entry without a key crashes every read until it is repaired, as in the real server. */
function showRedirectUris(document: Document, newer: boolean): Json {
  return listOf(document, "redirect_uris").map((entry) => {
    if (!isDocument(entry) || entry.matching_mode === undefined || entry.url === undefined) {
      throw new Crash(`Provider ${document.name} has a broken redirect URI: ${JSON.stringify(entry)}`);
    }
    return newer ? { ...entry, redirect_uri_type: entry.redirect_uri_type ?? "authorization" } : entry;
  });
}
