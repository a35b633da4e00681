import type { Answer, Exchange } from "../exchange";
import type { Asked } from "./front";

/** An ed448 pair is imported (201, with other methods). The recorded one was generated (200). */
export function asGenerated(recorded: Exchange, answer: Answer): Answer {
  const isImported = recorded.path.endsWith("/generate/") && answer.status === 201;
  return isImported
    ? { ...answer, status: 200, headers: { ...answer.headers, allow: "POST, OPTIONS" } }
    : answer;
}

/** The requests of Proxmox to authentik. */
export function recordedRequest({ method, path, headers, body }: Exchange): unknown {
  return { method, path, headers: sentHeaders(headers), form: body ?? {} };
}

export function requestOf({ method, path, headers, body }: Asked): unknown {
  return { method, path, headers: sentHeaders(headers), form: Object.fromEntries(new URLSearchParams(body)) };
}

function sentHeaders(headers: Asked["headers"]): unknown {
  return { type: headers["content-type"], authorization: headers.authorization };
}

/** The recorded log has no characters beyond ASCII, and the bytes of a reason phrase were read as Latin-1. */
export function comparableLog<T extends { reason: string; log?: string[] }>(exchange: T): T {
  const log = exchange.log?.map((line) => line.replace(/[^ -~]+/g, "?"));
  const reason = exchange.reason.replace(/Ã./g, (letter) => Buffer.from(letter, "latin1").toString());
  return log === undefined ? { ...exchange, reason } : { ...exchange, reason, log };
}
