import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import type { TestContext } from "node:test";
import { serve } from "../unit/providers/http/server";
import type { Properties } from "./simulators";

/**
 * The additional fields of a new brand in a later release, from the published API client (@goauthentik/api
 * 2026.8).
 */
const freshBrand = { brand_uuid: "1", domain: "", default: false, attributes: {} };
export const somePk = "11111111-1111-4111-8111-111111111111";

/** The minimum of an authentik that is newer than the simulated ones: one brand, merged by PATCH. */
export async function serveLaterAuthentik(context: TestContext, version: string) {
  const objects = new Map<string, Properties>();

  function answer(method: string, kind: string, key: string, body: Properties): unknown {
    if (kind === "admin/version") return { version_current: version };
    if (kind !== "core/brands" || (key === "" && method === "GET")) {
      const scopes = ["openid", "email", "profile"].map((scope_name) => ({ pk: somePk, scope_name }));
      return { pagination: { next: 0 }, results: kind.endsWith("scope") ? scopes : [{ pk: somePk }] };
    }
    if (method === "POST") objects.set(kind, { ...freshBrand, ...body });
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
