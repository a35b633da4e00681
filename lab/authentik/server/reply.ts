import type { Profile } from "../profile";
import type { Json } from "../store/store";
import { errorPage } from "./pages";

export interface Reply {
  status: number;
  headers: Record<string, string | string[]>;
  body: string;
}

const HTML = "text/html; charset=utf-8";

export function htmlReply(status: number, body: string, headers: Reply["headers"] = {}): Reply {
  return { status, headers: { "content-type": HTML, ...headers }, body };
}

export function pageReply(status: number, heading: string, message = "", title = "authentik"): Reply {
  return htmlReply(status, errorPage(title, heading, message));
}

export function redirectReply(location: string): Reply {
  return htmlReply(302, "", { location });
}

export function jsonReply(status: number, body: Json, headers: Reply["headers"] = {}): Reply {
  return { status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
}

/**
 * The answer to unknown paths and crashes: a page for GET, an empty 405 for writes. Since 2026.8, writes get the
 * page too.
 */
export function failureReply(method: string, status: 404 | 500, { has2026_8 }: Profile): Reply {
  const isRead = method === "GET" || method === "HEAD";
  if (!isRead && !has2026_8) return htmlReply(405, "", { allow: "GET, HEAD, OPTIONS" });
  return pageReply(status, status === 404 ? "Not Found" : "Server Error");
}
