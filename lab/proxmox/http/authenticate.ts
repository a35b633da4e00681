import type { IncomingHttpHeaders } from "node:http";
import { hashToken, isSame } from "../access/secrets";
import { isCsrfToken, userOfTicket } from "../access/tickets";
import type { Clock } from "../clock";
import { BareError } from "../errors";
import type { Node } from "../node";
import { behaviourSince, isSince } from "../versions";

export interface Caller {
  /** `name@realm`, or `name@realm!token` for an API token. */
  subject: string;
  isToken: boolean;
}

/** The sender of a request, from the API token in Authorization or the ticket in the cookie. */
export function authenticate(node: Node, method: string, headers: IncomingHttpHeaders): Caller {
  const authorization = headers.authorization ?? "";
  if (authorization.startsWith("PVEAPIToken")) {
    return { subject: tokenOf(node, authorization.slice("PVEAPIToken".length)), isToken: true };
  }
  const ticket = /(?:^|;\s*)PVEAuthCookie=([^;]*)/.exec(headers.cookie ?? "")?.[1];
  if (ticket === undefined) throw unauthorized("No ticket");
  const userid = userOfTicket(node, decodeURIComponent(ticket));
  if (userid === undefined || !mayLogIn(node, userid)) throw unauthorized("Authentication failed!");
  const csrfToken = headers.csrfpreventiontoken;
  if (method !== "GET" && !isCsrfToken(node, userid, String(csrfToken ?? ""))) {
    throw unauthorized("Permission denied - invalid csrf token");
  }
  return { subject: userid, isToken: false };
}

function tokenOf(node: Node, value: string): string {
  const [, userid, name, secret] = /^=(.+@[^!]+)!([^=]+)=(.+)$/.exec(value) ?? [];
  if (userid === undefined || name === undefined || secret === undefined) {
    throw tokenError(node, "no tokenid specified");
  }
  const user = node.store.config.users[userid];
  if (user === undefined || !mayLogIn(node, userid)) throw tokenError(node, `no such user ('${userid}')`);
  const token = user.tokens[name];
  if (token === undefined) throw tokenError(node, `no such token '${name}' for user '${userid}'`);
  if (isPast(token.expire, node.clock)) throw tokenError(node, `token '${name}' access expired`);
  if (!isSame(token.secretHash, hashToken(secret))) throw tokenError(node, "invalid token value!");
  return `${userid}!${name}`;
}

/** root@pam can always log in, even without an entry. */
function mayLogIn(node: Node, userid: string): boolean {
  const user = node.store.config.users[userid];
  return userid === "root@pam" || (user?.enable === true && !isPast(user.expire, node.clock));
}

export function isPast(expire: number | undefined, clock: Clock): boolean {
  return expire !== undefined && expire !== 0 && expire < clock.now() / 1000;
}

function tokenError(node: Node, detail: string): BareError {
  const isSilent = isSince(node.profile, behaviourSince.silentTokenErrors);
  return unauthorized(isSilent ? "Authentication failed!" : detail);
}

function unauthorized(reason: string): BareError {
  return new BareError(401, reason, "", true);
}
