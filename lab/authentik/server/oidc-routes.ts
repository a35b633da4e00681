import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { authenticateSession } from "../api/authentication";
import { ApiError } from "../api/errors";
import type { Context } from "../api/kind";
import { executeFlow } from "../flows/executor";
import { inSession, logOut, sessionCookie } from "../flows/sessions";
import type { Lab } from "../lab";
import { authorize, loginFlow } from "../oidc/authorize";
import { discoveryOf, findClient } from "../oidc/discovery";
import { introspect, invalidationFlow, userinfo } from "../oidc/endpoints";
import { jwksOf } from "../oidc/keys";
import { tokenEndpoint } from "../oidc/token-endpoint";
import { pythonQuery } from "../oidc/urls";
import type { Json } from "../store/store";
import { rawQuery, rawRequest, requireRunning, send, textBody } from "./exchange";
import { flowPage } from "./pages";
import { failureReply, htmlReply, jsonReply, type Reply, redirectReply } from "./reply";
import type { ServerState } from "./state";

type Answer = (lab: Lab, request: FastifyRequest, context: Context) => Promise<Reply> | Reply;

/** Routes of OpenID Connect, the flow pages and the flow executor. */
export function oidcRoutes(app: FastifyInstance, state: ServerState): void {
  const route = (methods: string[], url: string, answer: Answer) =>
    app.route({
      method: methods,
      url,
      handler: async (request: FastifyRequest, reply: FastifyReply) => {
        const { lab, kinds } = requireRunning(state);
        const { origin, query } = rawRequest(request, state.profile);
        await send(reply, await answer(lab, request, { lab, kinds, origin, query, user: {} }));
      },
    });
  const read = ["GET", "HEAD"];
  route(read, "/", () => redirectReply("/flows/-/default/authentication/?next=/"));
  route(read, "/flows/-/default/authentication/", async (lab, request) =>
    redirectReply(`/if/flow/${await loginFlow(lab)}/?${pythonQuery(new URLSearchParams(rawQuery(request)))}`),
  );
  route(read, "/if/flow/:slug/", showFlow);
  route(read, "/source/oauth/login/:slug/", (_lab, request) =>
    redirectReply(`https://${slugOf(request)}.example.com/authorize?client_id=authentik&response_type=code`),
  );
  route(["GET", "HEAD", "POST"], "/api/v3/flows/executor/:slug/", runExecutor);
  route(read, "/application/o/authorize/", async (lab, request) =>
    inSession(lab, request.headers.cookie, (session) =>
      authorize(lab, { session, rawQuery: rawQuery(request) }),
    ),
  );
  route(["POST"], "/application/o/token/", (_lab, request, context) =>
    tokenEndpoint(context, { authorization: request.headers.authorization, form: formOf(request) }),
  );
  route([...read, "POST"], "/application/o/userinfo/", (lab, request) =>
    userinfo(lab, request.headers.authorization),
  );
  route(["POST"], "/application/o/introspect/", (lab, request) => introspect(lab, formOf(request)));
  route(read, "/application/o/:slug/.well-known/openid-configuration", (lab, request, { origin }) =>
    ofClient(lab, request, (provider, slug) => discoveryOf(lab, provider, slug, origin)),
  );
  route(read, "/application/o/:slug/jwks/", (lab, request) =>
    ofClient(lab, request, (provider) => jwksOf(lab, provider)),
  );
  route(read, "/application/o/:slug/end-session/", endSession);
}

async function ofClient(
  lab: Lab,
  request: FastifyRequest,
  answer: (provider: Record<string, Json>, slug: string) => Promise<Json>,
): Promise<Reply> {
  const slug = slugOf(request);
  const client = await findClient(lab, slug);
  return client
    ? jsonReply(200, await answer(client.provider, slug))
    : failureReply(request.method, 404, lab.profile);
}

async function showFlow(lab: Lab, request: FastifyRequest): Promise<Reply> {
  const flow = (await lab.store.list("flow")).find((candidate) => candidate.slug === slugOf(request));
  return flow ? htmlReply(200, flowPage(String(flow.title))) : failureReply(request.method, 404, lab.profile);
}

async function runExecutor(lab: Lab, request: FastifyRequest): Promise<Reply> {
  const refusal = await authenticateSession(lab, request).catch((error: unknown) => error);
  if (refusal instanceof ApiError) return jsonReply(refusal.status, refusal.body);
  const reply = await inSession(lab, request.headers.cookie, (session) =>
    executeFlow(lab, {
      session,
      slug: slugOf(request),
      query: new URLSearchParams(rawQuery(request)).get("query") ?? "",
      newer: lab.profile.name === "2026.5",
      answer: request.method === "POST" ? jsonBody(request) : undefined,
    }),
  );
  if (reply.status !== 404) reply.headers.allow = "GET, POST, HEAD, OPTIONS";
  return reply;
}

async function endSession(lab: Lab, request: FastifyRequest): Promise<Reply> {
  const flow = await invalidationFlow(lab, slugOf(request));
  if (!flow) return failureReply(request.method, 404, lab.profile);
  return inSession(lab, request.headers.cookie, async (session) => {
    await logOut(lab, session);
    const query = rawQuery(request);
    const reply = redirectReply(`/if/flow/${flow}/${query ? `?${query}` : ""}`);
    reply.headers["set-cookie"] = sessionCookie(session);
    return reply;
  });
}

function slugOf({ params }: FastifyRequest): string {
  return String(Object(params).slug ?? "");
}

function formOf(request: FastifyRequest): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(textBody(request)));
}

function jsonBody(request: FastifyRequest): Json {
  try {
    const body: Json = JSON.parse(textBody(request));
    return body;
  } catch {
    // The executor then reports the missing field.
    return {};
  }
}
