import type { FastifyInstance } from "fastify";
import { isWithoutRedis } from "../lab";
import { send } from "./exchange";
import { failureReply, htmlReply, type Reply } from "./reply";
import type { ServerState } from "./state";

export function healthRoutes(app: FastifyInstance, state: ServerState): void {
  app.route({
    method: ["GET", "HEAD"],
    url: "/-/health/live/",
    handler: async (_request, reply) =>
      send(reply, { status: await liveStatus(state), headers: {}, body: "" }),
  });
  app.route({
    method: ["GET", "HEAD"],
    url: "/-/health/ready/",
    handler: async (request, reply) => send(reply, await readiness(state, request.method)),
  });
}

async function liveStatus(state: ServerState): Promise<number> {
  if (!state.running) return state.profile.liveWhileStarting;
  // The older release's router answers even if the server behind it fails.
  if (state.profile.name === "2025.10") return 200;
  return (await reachable(state)) ? 200 : 502;
}

async function readiness(state: ServerState, method: string): Promise<Reply> {
  if (!state.running) {
    const headers = { "content-type": "text/plain", "retry-after": "5" };
    return { status: 503, headers, body: "authentik starting" };
  }
  if (isWithoutRedis(state.running.lab)) return htmlReply(503, "");
  return (await reachable(state)) ? htmlReply(200, "") : failureReply(method, 500, state.profile);
}

async function reachable(state: ServerState): Promise<boolean> {
  try {
    await state.running?.lab.store.ping();
    return true;
  } catch (error) {
    console.error(`database unreachable: ${error instanceof Error ? error.message : error}`);
    return false;
  }
}
