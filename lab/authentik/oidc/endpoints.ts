import { type Lab, textOf } from "../lab";
import { htmlReply, jsonReply, type Reply } from "../server/reply";
import type { Document } from "../store/store";

/** Endpoints for clients with an access token, and for the end of a session. */

const INVALID_TOKEN =
  'error="invalid_token", error_description="The access token provided is expired, revoked, malformed, or invalid for other reasons"';

const INSUFFICIENT_SCOPE =
  'error="insufficient_scope", error_description="The request requires higher privileges than provided by the access token"';

export async function userinfo(lab: Lab, authorization: string | undefined): Promise<Reply> {
  const token = await lab.accessTokens.get(authorization?.replace(/^Bearer\s+/i, "") ?? "");
  if (!token || token.expiresAt < Date.now() / 1000) {
    return htmlReply(401, "", { "www-authenticate": INVALID_TOKEN });
  }
  if (!token.scopes.includes("openid")) {
    return htmlReply(403, "", { "www-authenticate": INSUFFICIENT_SCOPE });
  }
  return jsonReply(200, token.userinfo);
}

export async function introspect(lab: Lab, form: Record<string, string>): Promise<Reply> {
  const token = await lab.accessTokens.get(form.token ?? "");
  const providers = await lab.store.list("provider");
  const provider = providers.find((candidate) => candidate.client_id === form.client_id);
  const trusted = provider !== undefined && provider.client_secret === form.client_secret;
  const active = trusted && token && token.introspection.client_id === form.client_id;
  return jsonReply(200, active ? token.introspection : { active: false });
}

/** The slug of the flow that ends a session at this application. */
export async function invalidationFlow(lab: Lab, slug: string): Promise<string | undefined> {
  const application = (await lab.store.list("application")).find((candidate) => candidate.slug === slug);
  const provider = application && (await lab.store.get("provider", String(application.provider)));
  const flow: Document | undefined =
    provider && (await lab.store.get("flow", textOf(provider, "invalidation_flow")));
  return flow ? textOf(flow, "slug") : undefined;
}
