import type { IncomingHttpHeaders } from "node:http";
import { sessionOf } from "../flows/sessions";
import type { Lab } from "../lab";
import type { Document } from "../store/store";
import { forbidden } from "./errors";

/** The user of the request's API token. Undefined without a token. authentik never answers 401. */
export async function authenticate(lab: Lab, header: string | undefined): Promise<Document | undefined> {
  if (header === undefined) return undefined;
  const [scheme = "", token = ""] = header.trim().split(/\s+/);
  if (scheme.toLowerCase() !== "bearer") throw forbidden(lab.profile.wrongSchemeDetail);
  if (token === "") return undefined;
  const tokens = await lab.store.list("token");
  const found = tokens.find((candidate) => candidate.key === token && candidate.intent === "api");
  const expired = found?.expiring === true && Date.parse(String(found.expires)) < Date.now();
  const user = found && !expired ? await lab.store.get("user", String(found.user)) : undefined;
  if (user?.is_active !== true) throw forbidden("Token invalid/expired");
  return user;
}

interface FromBrowser {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
}

const SAFE_METHODS = ["GET", "HEAD", "OPTIONS"];

/**
 * The user of the request's session cookie. A write also needs the session's CSRF token (rest_framework's
 * SessionAuthentication).
 */
export async function authenticateSession(
  lab: Lab,
  { method, headers }: FromBrowser,
): Promise<Document | undefined> {
  if (!headers.cookie?.includes("authentik_session=")) return undefined;
  const session = await sessionOf(lab, headers.cookie);
  const user = session.user === undefined ? undefined : await lab.store.get("user", String(session.user));
  if (user?.is_active !== true) return undefined;
  if (!SAFE_METHODS.includes(method)) requireCsrfToken(headers);
  return user;
}

function requireCsrfToken(headers: IncomingHttpHeaders): void {
  const expected = /(?:^|;\s*)authentik_csrf=([^;]+)/.exec(headers.cookie ?? "")?.[1];
  const given = headers["x-authentik-csrf"];
  if (expected === undefined) throw forbidden("CSRF Failed: CSRF cookie not set.");
  if (given === undefined) throw forbidden("CSRF Failed: CSRF token missing.");
  if (given !== expected) {
    throw forbidden("CSRF Failed: CSRF token from the 'X-Authentik-Csrf' HTTP header incorrect.");
  }
}
