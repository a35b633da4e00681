import fastify, { type FastifyInstance } from "fastify";
import { disturb } from "../../disturbance";
import { allowedMethods, Dispatcher, type RawRequest } from "../api/dispatch";
import type { Answer, Endpoint } from "../api/endpoint";
import { ApiError, Crash } from "../api/errors";
import { createKinds } from "../kinds/kinds";
import { apiEndpoints } from "./endpoints";
import { rawRequest, requireRunning, send, textBody } from "./exchange";
import { healthRoutes } from "./health";
import { oidcRoutes } from "./oidc-routes";
import { STARTING_PAGE } from "./pages";
import { failureReply, jsonReply, type Reply } from "./reply";
import type { ServerState } from "./state";
import { removeForwarding } from "./trusted-proxies";

const BODY_LIMIT = 16 * 1024 * 1024;
const ALL_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

export async function createHttpApp(state: ServerState): Promise<FastifyInstance> {
  const app = fastify({ bodyLimit: BODY_LIMIT, exposeHeadRoutes: false, forceCloseConnections: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));
  app.addHook("onRequest", async ({ raw, headers }) => {
    if (!state.trusts(raw.socket.remoteAddress)) removeForwarding(headers);
  });
  app.addHook("onRequest", async ({ method, url }, reply) => {
    const status = await disturb(state.disturbance, { method, path: url });
    if (status !== undefined) await send(reply, { status, headers: {}, body: "" });
  });
  app.addHook("onRequest", async (request, reply) => {
    if (state.running || request.url.startsWith("/-/health/")) return;
    await send(reply, startingReply(request.headers.accept, state));
  });
  app.addHook("onRequest", async (request, reply) => {
    const [path = "", ...query] = request.url.split("?");
    if (!path.includes("//")) return;
    const location = [path.replace(/\/{2,}/g, "/"), ...query].join("?");
    await send(reply, { status: 301, headers: { location }, body: "" });
  });
  app.addHook("preHandler", async (request) => {
    state.onRequest?.({ method: request.method, path: request.url, body: textBody(request) });
  });
  app.setNotFoundHandler(async (request, reply) => {
    await send(reply, failureReply(request.method, 404, state.profile));
  });
  app.setErrorHandler(async (error, request, reply) => {
    if (!(error instanceof Crash)) console.error(`${request.method} ${request.url}:`, error);
    await send(reply, failureReply(request.method, 500, state.profile));
  });
  healthRoutes(app, state);
  oidcRoutes(app, state);
  apiRoutes(app, state);
  await app.ready();
  return app;
}

function apiRoutes(app: FastifyInstance, state: ServerState): void {
  const endpoints = apiEndpoints(createKinds(state.profile), state.profile);
  let dispatcher: Dispatcher | undefined;
  for (const endpoint of endpoints) {
    app.route({
      method: ALL_METHODS,
      url: `/api/v3/${endpoint.path}`,
      handler: async (request, reply) => {
        const { lab, kinds } = requireRunning(state);
        dispatcher ??= new Dispatcher(lab, kinds);
        const answer = await answerOrError(dispatcher, endpoint, rawRequest(request, state.profile));
        await send(reply, toReply(answer, endpoint, state.profile.contentType));
      },
    });
  }
}

async function answerOrError(
  dispatcher: Dispatcher,
  endpoint: Endpoint,
  request: RawRequest,
): Promise<Answer> {
  try {
    return await dispatcher.answer(endpoint, request);
  } catch (error) {
    if (error instanceof ApiError) return { status: error.status, body: error.body };
    throw error;
  }
}

function toReply(answer: Answer, endpoint: Endpoint, contentType: string): Reply {
  const headers: Reply["headers"] = { allow: allowedMethods(endpoint), ...answer.headers };
  if (answer.body === undefined) return { status: answer.status, headers, body: "" };
  if (answer.headers?.["content-type"]) return { status: answer.status, headers, body: String(answer.body) };
  return {
    status: answer.status,
    headers: { "content-type": contentType, ...headers },
    body: JSON.stringify(answer.body),
  };
}

function startingReply(accept: string | undefined, state: ServerState): Reply {
  const retry = { "retry-after": "5" };
  if (accept?.includes("application/json")) {
    return jsonReply(state.profile.startingStatus, { error: "authentik starting" }, retry);
  }
  if (accept?.includes("text/html")) {
    return { status: 503, headers: { "content-type": "text/html", ...retry }, body: STARTING_PAGE };
  }
  return { status: 503, headers: { "content-type": "text/plain", ...retry }, body: "authentik starting" };
}
