import { avatar, passwordMatches } from "../kinds/user";
import { isDocument, type Lab, newUuid, type Session, textOf } from "../lab";
import { pythonEncode } from "../oidc/urls";
import { jsonReply, pageReply, type Reply, redirectReply } from "../server/reply";
import type { Document, Json } from "../store/store";
import { logIn, loginCookies, sessionCookie } from "./sessions";

/** One request to /api/v3/flows/executor/<flow>/?query=… */
export interface ExecutorRequest {
  session: Session;
  slug: string;
  /** The query of the page that runs the flow. */
  query: string;
  /** The newer release says more in its challenges. */
  newer: boolean;
  /** Undefined for a GET. */
  answer: Json | undefined;
}

export async function executeFlow(lab: Lab, request: ExecutorRequest): Promise<Reply> {
  const flow = (await lab.store.list("flow")).find((candidate) => candidate.slug === request.slug);
  if (!flow) return pageReply(404, "Not Found");
  const { session } = request;
  if (session.plan?.flow !== request.slug) {
    session.plan = { flow: request.slug, step: firstStep(flow, session) };
  }
  const answer = request.answer === undefined ? undefined : isDocument(request.answer) ? request.answer : {};
  switch (session.plan.step) {
    case "identification":
      return identify(flow, request, answer);
    case "password":
      return checkPassword(lab, flow, request, answer);
    case "consent":
      return consent(lab, flow, request, answer);
    case "login":
      session.plan.step = "done";
      return again(request, session);
    case "done":
      return finish(lab, flow, request);
  }
}

function firstStep(flow: Document, session: Session): NonNullable<Session["plan"]>["step"] {
  if (flow.designation === "authentication") return "identification";
  return session.consent ? "consent" : "done";
}

function identify(flow: Document, request: ExecutorRequest, answer: Document | undefined): Reply {
  const { session } = request;
  const identifier = answer?.uid_field;
  if (typeof identifier === "string" && identifier !== "") {
    session.plan = { flow: request.slug, step: "password", identifier };
    return again(request, session);
  }
  return challenge(flow, request, {
    component: "ak-stage-identification",
    ...(answer ? required("uid_field") : {}),
    user_fields: ["email", "username"],
    ...(request.newer ? { pending_user_identifier: null } : {}),
    password_fields: false,
    allow_show_password: false,
    ...pendingApplication(request),
    flow_designation: "authentication",
    captcha_stage: null,
    primary_action: "Log in",
    sources: [],
    show_source_labels: false,
    enable_remember_me: false,
    ...(request.newer ? { passkey_challenge: null } : {}),
  });
}

function pendingApplication({ session, newer }: ExecutorRequest): Document {
  const pending = session.pendingApplication;
  if (!pending) return {};
  return { application_pre: pending.name, ...(newer ? { application_pre_launch: pending.launchUrl } : {}) };
}

async function checkPassword(
  lab: Lab,
  flow: Document,
  request: ExecutorRequest,
  answer: Document | undefined,
): Promise<Reply> {
  const { session } = request;
  const identifier = session.plan?.identifier ?? "";
  const user = await findUser(lab, identifier);
  const password = answer?.password;
  if (user && typeof password === "string" && user.is_active === true && passwordMatches(user, password)) {
    session.plan = { flow: request.slug, step: "login", identifier };
    return again(request, session);
  }
  // An unknown user is asked for a password too, so that names cannot be guessed.
  return challenge(flow, request, {
    component: "ak-stage-password",
    ...(answer ? refusedPassword(password) : {}),
    pending_user: user ? textOf(user, "username") : identifier,
    pending_user_avatar: avatar(user ?? { username: identifier }),
    allow_show_password: false,
  });
}

function refusedPassword(password: Json | undefined): Document {
  if (password === undefined) return required("password");
  return { response_errors: { password: [{ string: "Invalid password", code: "invalid" }] } };
}

async function findUser(lab: Lab, identifier: string): Promise<Document | undefined> {
  const wanted = identifier.toLowerCase();
  const users = await lab.store.list("user");
  return users.find(
    (user) =>
      textOf(user, "username").toLowerCase() === wanted ||
      (textOf(user, "email") !== "" && textOf(user, "email").toLowerCase() === wanted),
  );
}

async function consent(
  lab: Lab,
  flow: Document,
  request: ExecutorRequest,
  answer: Document | undefined,
): Promise<Reply> {
  const { session } = request;
  const asked = session.consent;
  if (!asked || session.user === undefined) return pageReply(404, "Not Found");
  const isRemembered = asked.rememberAs !== undefined && lab.consents.has(asked.rememberAs);
  if (isRemembered || (answer && answer.token === asked.token)) {
    session.plan = { flow: request.slug, step: "done" };
    asked.accepted = true;
    if (asked.rememberAs !== undefined) lab.consents.add(asked.rememberAs);
    return again(request, session);
  }
  asked.token = newUuid();
  const user = (await lab.store.get("user", String(session.user))) ?? {};
  return challenge(
    flow,
    request,
    {
      component: "ak-stage-consent",
      ...(answer ? required("token") : {}),
      pending_user: textOf(user, "username"),
      pending_user_avatar: avatar(user),
      header_text: `You're about to sign into ${asked.applicationName}.`,
      permissions: asked.permissions,
      additional_permissions: [],
      token: asked.token,
    },
    asked.applicationName,
  );
}

async function finish(lab: Lab, flow: Document, request: ExecutorRequest): Promise<Reply> {
  const { session } = request;
  const identifier = session.plan?.identifier;
  delete session.plan;
  if (flow.designation === "authentication" && identifier !== undefined) {
    const user = await findUser(lab, identifier);
    if (user) {
      await logIn(lab, session, Number(user.pk));
      await lab.store.put("user", String(user.pk), { ...user, last_login: new Date().toISOString() });
    }
    return jsonReply(200, redirectTo(nextOf(request.query) ?? "/"), { "set-cookie": loginCookies(session) });
  }
  const accepted = session.consent?.accepted ? session.consent.redirect : "/";
  delete session.consent;
  return jsonReply(200, redirectTo(accepted), { "set-cookie": sessionCookie(session) });
}

function redirectTo(to: string): Document {
  return { component: "xak-flow-redirect", to };
}

function nextOf(query: string): string | null {
  const next = new URLSearchParams(query).get("next");
  // Another site is no place to send a browser that has just logged in.
  return next?.startsWith("/") && !next.startsWith("//") ? next : null;
}

function challenge(flow: Document, request: ExecutorRequest, content: Document, application = ""): Reply {
  const next = request.newer ? nextOf(request.query) : null;
  const body: Document = {
    flow_info: {
      title: textOf(flow, "title").replace("%(app)s", application),
      background: "/static/dist/assets/images/flow_background.jpg",
      ...(request.newer ? { background_themed_urls: null } : {}),
      cancel_url: `/flows/-/cancel/${next ? `?next=${pythonEncode(next)}` : ""}`,
      layout: "stacked",
    },
    ...content,
  };
  return jsonReply(200, body, { "set-cookie": sessionCookie(request.session) });
}

function required(field: string): Document {
  return { response_errors: { [field]: [{ string: "This field is required.", code: "required" }] } };
}

/** Each accepted answer sends the client to the same URL, where the next stage waits. */
function again(request: ExecutorRequest, session: Session): Reply {
  const reply = redirectReply(`/api/v3/flows/executor/${request.slug}/?query=${pythonEncode(request.query)}`);
  reply.headers["set-cookie"] = sessionCookie(session);
  return reply;
}
