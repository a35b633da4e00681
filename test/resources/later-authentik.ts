import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import type { TestContext } from "node:test";
import { serve } from "../unit/providers/http/server";
import type { Properties } from "./simulators";

/** What a later release shows of new objects, by the published API client (@goauthentik/api 2026.8). */
const fresh: Record<string, Properties> = {
  "core/applications": { meta_hide: false, meta_icon: "", meta_icon_url: null, backchannel_providers: [] },
  "core/brands": { domain: "", default: false, attributes: {} },
  "providers/oauth2": {
    authentication_flow: null,
    property_mappings: [],
    jwt_federation_sources: [],
    jwt_federation_providers: [],
    grant_types: ["authorization_code", "refresh_token"],
    logout_uri: "",
    logout_method: "backchannel",
    refresh_token_threshold: "seconds=0",
  },
};
export const somePk = "11111111-1111-4111-8111-111111111111";

/** The least of an authentik that is newer than the recorded ones: one object of each kind, merged by PATCH. */
export async function serveLaterAuthentik(context: TestContext, version: string) {
  const objects = new Map<string, Properties>();

  function answer(method: string, kind: string, key: string, body: Properties): unknown {
    if (kind === "admin/version") return { version_current: version };
    const defaults = fresh[kind];
    if (defaults === undefined || (key === "" && method === "GET")) {
      const scopes = ["openid", "email", "profile"].map((scope_name) => ({ pk: somePk, scope_name }));
      return { pagination: { next: 0 }, results: kind.endsWith("scope") ? scopes : [{ pk: somePk }] };
    }
    if (method === "POST") objects.set(kind, { pk: 1, ...defaults, ...body });
    if (method === "PATCH") objects.set(kind, { ...objects.get(kind), ...body });
    return objects.get(kind);
  }

  const server = await serve(context, async (request, response) => {
    const [, kind = "", key = ""] =
      /^\/api\/v3\/(propertymappings\/provider\/scope|\w+\/\w+)\/(\w+)?/.exec(request.url ?? "") ?? [];
    const result = answer(request.method ?? "", kind, key, await bodyOf(request));
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify(result));
  });
  return { url: server.url, objects };
}

async function bodyOf(request: IncomingMessage): Promise<Properties> {
  const body = await text(request);
  return body === "" ? {} : JSON.parse(body);
}
