import { randomBytes } from "node:crypto";
import { integerOf, type Lab, newUuid, type Session, textOf } from "../lab";
import type { Reply } from "../server/reply";
import type { Document } from "../store/store";

/**
 * Browser sessions, by authentik's cookie. The store keeps the logged-in user across restarts. The progress in a flow
 * is kept only in a database that several servers share.
 */

const COOKIE = "authentik_session";

const KIND = "session";

export async function sessionOf(lab: Lab, cookies: string | undefined): Promise<Session> {
  const id = new RegExp(`(?:^|;\\s*)${COOKIE}=([^;]+)`).exec(cookies ?? "")?.[1];
  const known =
    id === undefined ? undefined : ((await lab.sessions.get(id)) ?? (await storedSession(lab, id)));
  return known ?? { id: newId() };
}

/** Answers a request of a browser, and keeps its progress. */
export async function inSession(
  lab: Lab,
  cookies: string | undefined,
  answer: (session: Session) => Promise<Reply>,
): Promise<Reply> {
  const session = await sessionOf(lab, cookies);
  const reply = await answer(session);
  await lab.sessions.set(session.id, session);
  return reply;
}

async function storedSession(lab: Lab, id: string): Promise<Session | undefined> {
  const stored = await lab.store.get(KIND, id);
  return (
    stored && { id, user: integerOf(stored, "user"), authenticatedAt: integerOf(stored, "authenticatedAt") }
  );
}

/** A login changes the session's identifier, which invalidates the old one. */
export async function logIn(lab: Lab, session: Session, user: number): Promise<void> {
  await logOut(lab, session);
  await lab.sessions.delete(session.id);
  const authenticatedAt = Math.floor(Date.now() / 1000);
  Object.assign(session, { id: newId(), user, authenticatedAt });
  // The API uses the uuid, because the cookie is a secret.
  await lab.store.put(KIND, session.id, { id: session.id, uuid: newUuid(), user, authenticatedAt });
}

export async function logOut(lab: Lab, session: Session): Promise<void> {
  if (session.user === undefined) return;
  delete session.user;
  await lab.store.remove(KIND, session.id);
}

/** Sessions with `id`, `uuid` and `user`. */
export function storedSessions(lab: Lab): Promise<Document[]> {
  return lab.store.list(KIND);
}

export async function endSession(lab: Lab, stored: Document): Promise<void> {
  const id = textOf(stored, "id");
  const session = await lab.sessions.get(id);
  if (session) {
    delete session.user;
    await lab.sessions.set(id, session);
  }
  await lab.store.remove(KIND, id);
}

function newId(): string {
  return randomBytes(24).toString("base64url");
}

export function sessionCookie(session: Session): string {
  return `${COOKIE}=${session.id}; HttpOnly; Path=/; SameSite=Lax`;
}

const DEVICE_SECONDS = 2_592_000;
const CSRF_SECONDS = 31_449_600;

/** Cookies of a complete login. */
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
