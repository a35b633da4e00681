import { randomBytes } from "node:crypto";
import { translate } from "../flows/locale";
import { csrfCookie, logOut, sessionCookie } from "../flows/sessions";
import { launchUrl } from "../kinds/application";
import { isApplicable } from "../kinds/flow";
import { stagesOf } from "../kinds/flow-binding";
import { findApplication } from "../kinds/provider";
import { isSuperuser } from "../kinds/user";
import { isDocument, type Lab, listOf, type Session, textOf } from "../lab";
import { deniedPage } from "../server/pages";
import { htmlReply, pageReply, type Reply, redirectReply } from "../server/reply";
import type { Document } from "../store/store";
import { mayUse } from "./access";
import { mappingsOf } from "./claims";
import { durationSeconds } from "./duration";
import { locationEncode, pythonEncode, pythonQuery } from "./urls";

interface AuthorizeRequest {
  session: Session;
  /** The query as received. It is passed on byte for byte. */
  rawQuery: string;
}

export async function authorize(lab: Lab, request: AuthorizeRequest): Promise<Reply> {
  const query = new URLSearchParams(request.rawQuery);
  const providers = await lab.store.list("provider");
  const provider = providers.find((candidate) => candidate.client_id === query.get("client_id"));
  if (!provider) {
    return pageReply(400, "Client ID Error", "The client identifier (client_id) is missing or invalid.");
  }
  if (!(await redirectUriAllowed(lab, provider, query.get("redirect_uri")))) {
    return pageReply(
      400,
      "Redirect URI Error",
      "The request fails due to a missing, invalid, or mismatching redirection URI (redirect_uri).",
    );
  }
  return authorizeClient(lab, request, provider, query);
}

async function authorizeClient(
  lab: Lab,
  request: AuthorizeRequest,
  provider: Document,
  query: URLSearchParams,
): Promise<Reply> {
  const { session } = request;
  if (query.get("response_type") !== "code") {
    return refuse(
      query,
      "unsupported_response_type",
      "The authorization server does not support this response type",
    );
  }
  if (lab.profile.isReleased && !listOf(provider, "grant_types").includes("authorization_code")) {
    return refuse(query, "invalid_request", "The request is otherwise malformed");
  }
  if (query.get("prompt") === "none" && session.user === undefined) {
    return refuse(query, "login_required", "The Authorization Server requires End-User authentication");
  }
  const application = await findApplication(provider, { lab });
  if (!application) return denied(lab);
  const visitor = await userOf(lab, session);
  const isInspector = visitor !== undefined && (await isSuperuser(visitor, { lab }));
  const pageQuery: [string, string][] = [...query, ...(isInspector ? inspector : [])];
  const user = (await forgetLoginIfAsked(lab, session, query, request.rawQuery)) ? undefined : visitor;
  if (!user) return toLogin(lab, request, application, pageQuery);
  if (!(await mayUse(application, user, lab))) return denied(lab, user);
  const flow = await lab.store.get("flow", textOf(provider, "authorization_flow"));
  if (flow && !isApplicable(flow, { isSuperuser: await isSuperuser(user, { lab }) }))
    return denied(lab, user);
  const location = await redirectWithCode(lab, session, provider, query);
  const isExplicit = flow !== undefined && (await stagesOf(lab, flow)).length > 0;
  const isPrompted = query.get("prompt") === "consent";
  if (flow && (isExplicit || isPrompted)) {
    session.consent = {
      token: "",
      // With prompt=consent, the user is asked every time.
      ...(isPrompted ? {} : { rememberAs: `${user.pk} ${application.pk}` }),
      isPrompted,
      applicationName: textOf(application, "name"),
      permissions: await permissionsOf(lab, provider, query),
      redirect: location,
    };
    delete session.plan;
    return withSession(redirectReply(`/if/flow/${flow.slug}/?${pythonQuery(pageQuery)}`), session);
  }
  return withSession(redirectReply(location), session);
}

/** Additional query for superusers on a flow's page. */
const inspector: [string, string][] = [["inspector", "available"]];

async function userOf(lab: Lab, { user }: Session): Promise<Document | undefined> {
  return user === undefined ? undefined : lab.store.get("user", String(user));
}

/** With an empty list, the first URI is accepted and stored. The released 2026.5 no longer does this. */
async function redirectUriAllowed(lab: Lab, provider: Document, uri: string | null): Promise<boolean> {
  if (!uri) return false;
  const entries = listOf(provider, "redirect_uris");
  if (entries.length === 0 && !lab.profile.isReleased) {
    provider.redirect_uris = [{ matching_mode: "strict", url: uri, redirect_uri_type: "authorization" }];
    await lab.store.put("provider", String(provider.pk), provider);
    return true;
  }
  return entries.some((entry) => {
    if (!isDocument(entry) || entry.redirect_uri_type === "logout") return false;
    const url = textOf(entry, "url");
    return entry.matching_mode === "regex" ? new RegExp(`^(?:${url})$`).test(uri) : url === uri;
  });
}

/** Returns whether it deleted the login. */
async function forgetLoginIfAsked(
  lab: Lab,
  session: Session,
  query: URLSearchParams,
  rawQuery: string,
): Promise<boolean> {
  if (query.get("prompt") !== "login" || session.promptedFor === rawQuery) return false;
  session.promptedFor = rawQuery;
  await logOut(lab, session);
  return true;
}

async function toLogin(
  lab: Lab,
  request: AuthorizeRequest,
  application: Document,
  pageQuery: readonly [string, string][],
): Promise<Reply> {
  const { session, rawQuery } = request;
  session.pendingApplication = {
    name: textOf(application, "name"),
    launchUrl: await launchUrl(application, undefined, { lab }),
  };
  delete session.plan;
  const next = `/application/o/authorize/?${rawQuery}`;
  if (lab.profile.name === "2025.10") {
    return withSession(
      redirectReply(`/flows/-/default/authentication/?next=${pythonEncode(next).replaceAll("%2F", "/")}`),
      session,
    );
  }
  const slug = await loginFlow(lab);
  return withSession(
    redirectReply(`/if/flow/${slug}/?${pythonQuery([...pageQuery, ["next", next]])}`),
    session,
  );
}

/** The login flow of the default brand, or else the first flow for logins. */
export async function loginFlow(lab: Lab): Promise<string> {
  const brand = (await lab.store.list("brand")).find((candidate) => candidate.default === true);
  const flow = brand && (await lab.store.get("flow", String(brand.flow_authentication)));
  const first = (await lab.store.list("flow")).find(({ designation }) => designation === "authentication");
  return textOf(flow ?? first ?? {}, "slug");
}

async function permissionsOf(lab: Lab, provider: Document, query: URLSearchParams) {
  const mappings = await mappingsOf(lab, provider, scopesOf(query));
  return mappings.map((mapping) => ({
    name: textOf(mapping, "description"),
    id: textOf(mapping, "scope_name"),
  }));
}

function scopesOf(query: URLSearchParams): string[] {
  return (query.get("scope") ?? "").split(" ").filter((scope) => scope !== "");
}

async function redirectWithCode(
  lab: Lab,
  session: Session,
  provider: Document,
  query: URLSearchParams,
): Promise<string> {
  const code = randomBytes(16).toString("hex");
  const redirectUri = query.get("redirect_uri") ?? "";
  await lab.codes.set(code, {
    code,
    clientId: textOf(provider, "client_id"),
    provider: Number(provider.pk),
    user: session.user ?? 0,
    scopes: scopesOf(query),
    redirectUri,
    expiresAt: Date.now() + durationSeconds(textOf(provider, "access_code_validity")) * 1000,
    authenticatedAt: session.authenticatedAt ?? 0,
    session: session.id,
    nonce: query.get("nonce") ?? undefined,
    codeChallenge: query.get("code_challenge") ?? undefined,
    codeChallengeMethod: query.get("code_challenge_method") ?? undefined,
  });
  return appendQuery(redirectUri, [["code", code], ...stateOf(query)]);
}

function refuse(query: URLSearchParams, error: string, description: string): Reply {
  const redirectUri = query.get("redirect_uri") ?? "";
  const separator = redirectUri.includes("?") ? "&" : "?";
  const state = query.get("state");
  const told = `error=${error}&error_description=${description}${state ? `&state=${state}` : ""}`;
  // Other redirects encode each parameter separately.
  return redirectReply(locationEncode(`${redirectUri}${separator}${told}`));
}

function stateOf(query: URLSearchParams): [string, string][] {
  const state = query.get("state");
  return state ? [["state", state]] : [];
}

/** The URI is not normalized. For example, no slash is added after the host. */
function appendQuery(uri: string, parameters: [string, string][]): string {
  return `${uri}${uri.includes("?") ? "&" : "?"}${pythonQuery(parameters)}`;
}

async function denied(lab: Lab, user?: Document): Promise<Reply> {
  const [heading, message] = await Promise.all(
    ["Permission denied", "Request has been denied."].map((text) => translate(lab, user, text)),
  );
  const reply = htmlReply(200, deniedPage(heading ?? "", message ?? ""));
  // The older release's page contains a form.
  if (lab.profile.name === "2025.10") reply.headers["set-cookie"] = csrfCookie();
  return reply;
}

function withSession(reply: Reply, session: Session): Reply {
  reply.headers["set-cookie"] = sessionCookie(session);
  return reply;
}
