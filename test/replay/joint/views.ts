import { type Answer, type Exchange, isRecord } from "../exchange";

/** Keys are the only thing in authentik's answers that later requests rest on. */
export function keysOf(body: unknown): unknown {
  if (!isRecord(body)) return undefined;
  const names = ["pk", "name", "authorization_flow", "username"].filter((name) => name in body);
  return Object.fromEntries(names.map((name) => [name, body[name]]));
}

/** An ed448 pair is imported (201) where the recorded one was generated (200). */
export function statusOf(recorded: Exchange, { status }: Answer): number {
  return recorded.path.endsWith("/generate/") && status === 201 ? 200 : status;
}

/** What a person notices of an answer: the page, the stage, or where it leads. */
export function seenBy({ status, headers, body }: Pick<Answer, "status" | "headers" | "body">): unknown {
  const page = typeof body === "string" ? body : "";
  const component = isRecord(body) ? body.component : undefined;
  const location = headers.location?.replace(/[?#].*$/, "");
  return { status, heading: /<h1[^>]*>([^<]*)<\/h1>/.exec(page)?.[1]?.trim(), component, location };
}

/** The recorded log lost its letters beyond ASCII, and a reason's bytes were read as Latin-1. */
export function comparableLog<T extends { reason: string; log?: string[] }>(exchange: T): T {
  const log = exchange.log?.map((line) => line.replace(/[^ -~]+/g, "?"));
  const reason = exchange.reason.replace(/Ã./g, (letter) => Buffer.from(letter, "latin1").toString());
  return log === undefined ? { ...exchange, reason } : { ...exchange, reason, log };
}
