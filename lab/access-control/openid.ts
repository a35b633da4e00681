import { randomBytes } from "node:crypto";
import { calculatePKCECodeChallenge, generateRandomCodeVerifier } from "oauth4webapi";
import { Failure } from "../proxmox/errors";
import { type Claims, verifyIdToken } from "../proxmox/openid/id-token";
import { discover, exchangeCode, fetchUserinfo } from "../proxmox/openid/provider";
import type { Realm } from "../proxmox/state/domains-config";
import { ApiError, refused } from "./errors";
import { type Call, forms, type Method } from "./method";
import type { Node } from "./node";
import { isActive } from "./permissions";
import { openidRealm } from "./realms";
import type { Section } from "./sections";
import { loggedIn } from "./session";

const required = { isRequired: true } as const;

export const openidMethods: Method[] = [
  {
    verb: "POST",
    path: "/access/openid/auth-url",
    parameters: { realm: forms.realm, "redirect-url": required },
    isPublic: true,
    needsDaemon: true,
    run: authUrl,
  },
  {
    verb: "POST",
    path: "/access/openid/login",
    parameters: { code: required, state: required, "redirect-url": required, "http-only": forms.flag },
    isPublic: true,
    needsDaemon: true,
    run: login,
  },
];

async function authUrl({ node, parameters }: Call) {
  const section = openidRealm(node, parameters.text("realm") ?? "");
  const realm = realmFrom(section);
  try {
    const { metadata } = await discover(realm, node);
    const redirectUri = parameters.text("redirect-url") ?? "";
    if (!URL.canParse(redirectUri)) throw new Failure("relative URL without a base");
    const { prompt, scopes = "email profile", "acr-values": acrValues } = realm.options;
    const pending = {
      nonce: randomBytes(16).toString("base64url"),
      codeVerifier: generateRandomCodeVerifier(),
    };
    const query = new URLSearchParams({
      response_type: "code",
      client_id: realm.options["client-id"] ?? "",
      state: node.pendingLogins.add(section.id, pending),
      code_challenge: await calculatePKCECodeChallenge(pending.codeVerifier),
      code_challenge_method: "S256",
      redirect_uri: redirectUri,
      scope: ["openid", ...words(scopes)].join(" "),
      nonce: pending.nonce,
      ...(acrValues && { acr_values: words(acrValues).join(" ") }),
      display: "page",
      ...(prompt && { prompt }),
    });
    return { data: `${metadata.authorization_endpoint}?${query}` };
  } catch (error) {
    throw error instanceof Failure ? refused(briefly(error.message)) : error;
  }
}

async function login({ node, parameters }: Call) {
  try {
    const userid = await verifiedUser(node, parameters);
    return loggedIn(node, userid, parameters.flag("http-only") ?? false);
  } catch (error) {
    if (!(error instanceof Failure || error instanceof ApiError)) throw error;
    throw new ApiError(401, briefly(error.message));
  }
}

async function verifiedUser(node: Node, parameters: Call["parameters"]): Promise<string> {
  const [code = "", state = "", redirectUri = ""] = ["code", "state", "redirect-url"].map((name) =>
    parameters.text(name),
  );
  const { realm: name, login: pending } = node.pendingLogins.take(state);
  const realm = realmFrom(openidRealm(node, name));
  const provider = await discover(realm, node);
  const { idToken, accessToken } = await exchangeCode(provider, realm, { code, redirectUri, ...pending });
  const claims = await verifyIdToken(idToken, {
    provider,
    clientId: realm.options["client-id"] ?? "",
    audiences: words(realm.options.audiences ?? ""),
    nonce: pending.nonce,
    now: node.clock.now(),
  });
  // The server always reads userinfo. Claims of the ID token take precedence.
  const all = { ...Object(await fetchUserinfo(provider, realm, accessToken)), ...claims };
  const userid = `${userNameFrom(all, realm.options["username-claim"])}@${name}`;
  admit(node, realm, userid, all);
  return userid;
}

function admit(node: Node, realm: Realm, userid: string, claims: Claims): void {
  if (isActive(node, userid)) return;
  const user = node.store.users.get(userid);
  if (realm.options.autocreate !== "true") {
    throw new Failure(`user account '${userid}' missing, disabled or expired.`);
  }
  if (user?.options.enable === false) throw new Failure(`user '${userid}' is disabled.`);
  if (user !== undefined) throw new Failure(`autocreate user failed - '${userid}' already exists.`);
  if (userid.length > 64) {
    const why = "syntax error in section identifier: value may only be 64 characters long";
    throw new Failure(`writing "${node.store.users.path}" failed: ${why}`);
  }
  const options: Section["options"] = {};
  for (const [name, claim] of [
    ["email", "email"],
    ["firstname", "given_name"],
    ["lastname", "family_name"],
  ] as const) {
    const value = claims[claim];
    if (typeof value === "string" && value !== "") options[name] = value;
  }
  node.store.users.set({ type: "user", id: userid, options });
  node.store.save();
}

const aliases: Readonly<Record<string, string>> = { subject: "sub", username: "preferred_username" };

function userNameFrom(claims: Claims, claim = "sub"): string {
  const value = claims[claim] ?? claims[aliases[claim] ?? ""];
  if (typeof value !== "string") throw new Failure(`missing claim '${claim}'`);
  if (!/^[^\s:/\p{Cc}]+$/u.test(value)) throw new Failure("invalid user name in user id");
  return value;
}

/** The realm in the form of the shared login code. */
function realmFrom({ id, options }: Section): Realm {
  const texts = Object.entries(options).map(([name, value]) => [name, String(value)]);
  return { name: id, type: "openid", options: Object.fromEntries(texts) };
}

/** These servers do not report why a request failed. */
function briefly(message: string): string {
  return message.replace(/^(Request failed).*$/s, "$1");
}

function words(text: string): string[] {
  return text.split(/[ ,;]+/).filter((word) => word !== "");
}
