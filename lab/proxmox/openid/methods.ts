import { randomBytes } from "node:crypto";
import { calculatePKCECodeChallenge, generateRandomCodeVerifier } from "oauth4webapi";
import { parseUrl } from "../../../providers/http/host";
import { capabilitiesOf } from "../access/capabilities";
import { findRealm } from "../access/domains";
import { realmParameter, splitList, text, userIdProblem } from "../access/formats";
import type { Permissions } from "../access/permissions";
import { issueTicket } from "../access/tickets";
import { authenticationFailure, Failure } from "../errors";
import { isPast } from "../http/authenticate";
import type { Call, Method } from "../http/method";
import type { Node } from "../node";
import type { Realm } from "../state/domains-config";
import { applyGroupsClaim } from "./group-claims";
import { type Claims, verifyIdToken } from "./id-token";
import { discover, exchangeCode, fetchUserinfo } from "./provider";
import { userNameFrom } from "./user-name";

export const openidMethods: Method[] = [
  {
    verb: "GET",
    path: "/access/openid",
    parameters: {},
    run: () => [{ subdir: "auth-url" }, { subdir: "login" }],
  },
  {
    verb: "POST",
    path: "/access/openid/auth-url",
    parameters: { realm: realmParameter, "redirect-url": text(255) },
    isPublic: true,
    run: authUrl,
  },
  {
    verb: "POST",
    path: "/access/openid/login",
    parameters: { code: text(4096), state: text(1024), "redirect-url": text(255) },
    isPublic: true,
    run: login,
  },
];

async function authUrl({ node, parameters }: Call): Promise<string> {
  const { realm: name = "", "redirect-url": redirectUri = "" } = parameters;
  const realm = openidRealm(node, name);
  const { metadata } = await discover(realm, node);
  if (parseUrl(redirectUri) === undefined) throw new Failure("relative URL without a base");
  const { prompt, scopes = "email profile", "acr-values": acrValues } = realm.options;
  const login = { nonce: randomBytes(16).toString("base64url"), codeVerifier: generateRandomCodeVerifier() };
  const query = new URLSearchParams({
    response_type: "code",
    client_id: realm.options["client-id"] ?? "",
    state: node.pendingLogins.add(name, login),
    code_challenge: await calculatePKCECodeChallenge(login.codeVerifier),
    code_challenge_method: "S256",
    redirect_uri: redirectUri,
    scope: ["openid", ...splitList(scopes)].join(" "),
    nonce: login.nonce,
    ...(acrValues === undefined ? {} : { acr_values: splitList(acrValues).join(" ") }),
    display: "page",
    ...(prompt === undefined ? {} : { prompt }),
  });
  const separator = metadata.authorization_endpoint.includes("?") ? "&" : "?";
  return `${metadata.authorization_endpoint}${separator}${query}`;
}

async function login({ node, permissions, parameters }: Call) {
  let verified: Awaited<ReturnType<typeof verifyLogin>>;
  try {
    verified = await verifyLogin(node, permissions, parameters);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    node.store.log("err", `openid authentication failure; rhost=127.0.0.1 msg=${error.message}`);
    throw authenticationFailure();
  }
  const { userid, cap } = verified;
  node.store.log("info", `<root@pam> successful openid auth for user '${asAscii(userid)}'`);
  return {
    username: userid,
    cap,
    ...issueTicket(node, userid),
  };
}

/** Only the real log writes this name in this form. */
function asAscii(text: string): string {
  return text.replace(
    /[^ -~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

async function verifyLogin(node: Node, permissions: Permissions, parameters: Record<string, string>) {
  const { code = "", state = "", "redirect-url": redirectUri = "" } = parameters;
  const { realm: name, login } = node.pendingLogins.take(state);
  const realm = openidRealm(node, name);
  const claims = await fetchClaims(node, realm, { code, redirectUri, ...login });
  const userid = `${userNameFrom(claims, realm.options["username-claim"])}@${name}`;
  const problem = userIdProblem(userid);
  if (problem !== undefined) throw new Failure(problem);
  admit(node, realm, userid, claims);
  // From the groups before this login. The permissions of the ticket are newer.
  const cap = capabilitiesOf(permissions, userid);
  applyGroupsClaim(node.store, realm, userid, claims);
  node.store.save();
  return { userid, cap };
}

async function fetchClaims(
  node: Node,
  realm: Realm,
  login: { code: string; redirectUri: string; codeVerifier: string; nonce: string },
): Promise<Claims> {
  const provider = await discover(realm, node);
  const { idToken, accessToken } = await exchangeCode(provider, realm, login);
  const claims = await verifyIdToken(idToken, {
    provider,
    clientId: realm.options["client-id"] ?? "",
    audiences: splitList(realm.options.audiences ?? ""),
    nonce: login.nonce,
    now: node.clock.now(),
  });
  if (realm.options["query-userinfo"] === "0") return claims;
  return { ...claims, ...Object(await fetchUserinfo(provider, realm, accessToken)) };
}

/** Sets attributes when the first login creates a user. Later logins do not update them. */
function admit({ store, clock }: Node, realm: Realm, userid: string, claims: Claims): void {
  const user = store.config.users[userid];
  if (user === undefined) {
    if (realm.options.autocreate !== "1") throw new Failure(`no such user ('${userid}')`);
    store.config.users[userid] = {
      enable: true,
      expire: 0,
      tokens: {},
      ...attribute("email", claims.email),
      ...attribute("firstname", claims.given_name),
      ...attribute("lastname", claims.family_name),
    };
    return;
  }
  if (!user.enable) throw new Failure(`user '${userid}' is disabled`);
  if (isPast(user.expire, clock)) throw new Failure(`user '${userid}' access expired`);
}

function attribute(name: string, value: unknown): Record<string, string> {
  return typeof value === "string" ? { [name]: value } : {};
}

function openidRealm(node: Node, name: string): Realm {
  const realm = findRealm(node, name);
  if (realm === undefined) throw new Failure(`authentication domain '${name}' does not exist`);
  if (realm.type !== "openid") throw new Failure(`wrong realm type (${realm.type} != openid)`);
  return realm;
}
