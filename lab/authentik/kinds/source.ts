import { boolean, choice, relation, text } from "../api/field-types";
import type { Context, Kind } from "../api/kind";
import { show } from "../api/objects";
import type { Document, Json } from "../store/store";
import { fixed } from "./provider";

/** A login at another OAuth server. Not recorded, but from the OpenAPI file, with the fields that the doctor reads. */
export function oauthSourceKind(): Kind {
  return {
    name: "oauth_source",
    path: "sources/oauth",
    model: "OAuthSource",
    app: "authentik_sources_oauth",
    modelName: "oauthsource",
    identity: "uuid",
    primaryKey: "pk",
    lookup: "slug",
    methods: ["list", "create", "retrieve", "update", "destroy"],
    describe: ({ name }) => `Source ${name}`,
    order: ["name"],
    search: ["name"],
    filters: { slug: { type: "exact" } },
    fields: [
      { name: "pk", readOnly: true },
      { name: "name", required: true, parse: text() },
      { name: "slug", required: true, parse: text(), unique: "This field must be unique." },
      { name: "enabled", parse: boolean(), default: true },
      fixed("meta_model_name", "authentik_sources_oauth.oauthsource"),
      {
        name: "group_matching_mode",
        parse: choice(["identifier", "name_link", "name_deny"]),
        default: "identifier",
      },
    ],
  };
}

/** A group that a source has filled. A real server creates it at a login or a synchronization. */
export function groupConnectionKind(): Kind {
  return {
    name: "group_connection",
    path: "sources/group_connections/oauth",
    model: "GroupOAuthSourceConnection",
    app: "authentik_sources_oauth",
    modelName: "groupoauthsourceconnection",
    identity: "integer",
    primaryKey: "pk",
    lookup: "pk",
    methods: ["list", "retrieve", "destroy"],
    describe: ({ identifier }) => `Group connection ${identifier}`,
    order: ["pk"],
    search: [],
    filters: { group: { type: "exact" } },
    fields: [
      { name: "pk", readOnly: true },
      { name: "group", readOnly: true, ...relation("group", "cascade") },
      { name: "source", readOnly: true, ...relation("oauth_source", "cascade") },
      { name: "source_obj", readOnly: true, show: sourceOf },
      { name: "identifier", readOnly: true },
    ],
  };
}

async function sourceOf({ source }: Document, context: Context): Promise<Json> {
  const found = await context.lab.store.get("oauth_source", String(source));
  return found ? show(context.kinds.oauth_source, found, context) : null;
}
