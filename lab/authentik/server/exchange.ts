import type { FastifyReply, FastifyRequest } from "fastify";
import type { RawRequest } from "../api/dispatch";
import { Crash } from "../api/errors";
import type { Profile } from "../profile";
import type { Reply } from "./reply";
import type { ServerState } from "./state";
import { forwardedOrigin } from "./trusted-proxies";

export function requireRunning(state: ServerState) {
  if (!state.running) throw new Crash("The server is still starting");
  return state.running;
}

export function rawRequest(request: FastifyRequest, profile: Profile): RawRequest {
  const parameters: Record<string, string> = {};
  if (typeof request.params === "object" && request.params !== null) {
    for (const [name, value] of Object.entries(request.params)) parameters[name] = String(value);
  }
  return {
    method: request.method,
    headers: request.headers,
    origin: originOf(request, profile),
    query: new URLSearchParams(rawQuery(request)),
    parameters,
    text: textBody(request),
  };
}

export function rawQuery(request: FastifyRequest): string {
  return request.url.split("?").slice(1).join("?");
}

export function textBody(request: FastifyRequest): string {
  return typeof request.body === "string" ? request.body : "";
}

/** Scheme and host of the client's request. A trusted proxy can set them. */
function originOf(request: FastifyRequest, profile: Profile): string {
  const { scheme, host } = forwardedOrigin(request.headers, profile);
  const encrypted = "encrypted" in request.raw.socket && request.raw.socket.encrypted === true;
  return `${scheme ?? (encrypted ? "https" : "http")}://${host ?? request.headers.host ?? "localhost"}`;
}

/** Bypasses fastify, which adds a charset or content type that the real server does not send. */
export async function send(reply: FastifyReply, { status, headers, body }: Reply): Promise<void> {
  reply.hijack();
  const bytes = Buffer.from(body);
  reply.raw.writeHead(status, { ...headers, "content-length": bytes.length });
  reply.raw.end(bytes);
}
