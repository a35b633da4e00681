import { randomBytes } from "node:crypto";
import type { Lab, Session } from "../lab";

/** Browser sessions, by the cookie that authentik uses. They live in memory: a restart logs everyone out. */

const COOKIE = "authentik_session";

export function sessionOf(lab: Lab, cookies: string | undefined): Session {
  const id = new RegExp(`(?:^|;\\s*)${COOKIE}=([^;]+)`).exec(cookies ?? "")?.[1];
  const known = id === undefined ? undefined : lab.sessions.get(id);
  return known ?? newSession(lab);
}

export function newSession(lab: Lab): Session {
  const session: Session = { id: randomBytes(24).toString("base64url") };
  lab.sessions.set(session.id, session);
  return session;
}

/** A login gets a new identifier, so that the one from before it is worth nothing. */
export function renewSession(lab: Lab, session: Session): void {
  lab.sessions.delete(session.id);
  session.id = randomBytes(24).toString("base64url");
  lab.sessions.set(session.id, session);
}

export function sessionCookie(session: Session): string {
  return `${COOKIE}=${session.id}; HttpOnly; Path=/; SameSite=Lax`;
}

const DEVICE_SECONDS = 2_592_000;
const CSRF_SECONDS = 31_449_600;

/** What the browser is given when a login is complete. */
export function loginCookies(session: Session): string[] {
  return [lastingCookie("authentik_device", DEVICE_SECONDS), csrfCookie(), sessionCookie(session)];
}

export function csrfCookie(): string {
  return lastingCookie("authentik_csrf", CSRF_SECONDS);
}

function lastingCookie(name: string, seconds: number): string {
  const expires = new Date(Date.now() + seconds * 1000).toUTCString();
  return `${name}=${randomBytes(16).toString("hex")}; expires=${expires}; Max-Age=${seconds}; Path=/; SameSite=Lax`;
}
