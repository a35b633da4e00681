import type { StageName } from "../api/kind";
import { isApplicable } from "../kinds/flow";
import { findStage, stagesOf } from "../kinds/flow-binding";
import { isSuperuser } from "../kinds/user";
import type { Lab, Plan, PlannedStage, Session } from "../lab";
import { isDocument } from "../lab";
import { pythonEncode } from "../oidc/urls";
import { jsonReply, pageReply, type Reply, redirectReply } from "../server/reply";
import type { Document } from "../store/store";
import { type ExecutorRequest, nextOf } from "./challenge";
import { loginCookies, sessionCookie } from "./sessions";
import { validateAuthenticator } from "./stages/authenticator";
import { askCaptcha } from "./stages/captcha";
import { consent } from "./stages/consent";
import { identify } from "./stages/identification";
import { checkPassword } from "./stages/password";
import { ask } from "./stages/prompt";
import { denial, deny, redirect } from "./stages/redirect";
import type { StageView } from "./stages/stage";
import { logInUser, logOutUser } from "./stages/user-login";

const VIEWS: Record<StageName, StageView> = {
  stage_identification: identify,
  stage_password: checkPassword,
  stage_authenticator_validate: validateAuthenticator,
  stage_user_login: logInUser,
  stage_user_logout: logOutUser,
  stage_user_write: () => "passed",
  stage_invitation: () => "passed",
  stage_captcha: askCaptcha,
  stage_consent: consent,
  stage_prompt: ask,
  stage_redirect: redirect,
  stage_deny: deny,
};

/** Returns the current stage of a browser, or processes its answer. */
export async function executeFlow(lab: Lab, request: ExecutorRequest): Promise<Reply> {
  const flow = (await lab.store.list("flow")).find((candidate) => candidate.slug === request.slug);
  if (!flow) return pageReply(404, "Not Found");
  const { session } = request;
  const isPlanned = session.plan?.flow === request.slug;
  if (!isPlanned && !(await mayRun(lab, flow, session))) {
    const message = "Flow does not apply to current user.";
    return jsonReply(200, denial({ flow, request, stage: {} }, undefined, message));
  }
  const plan = isPlanned && session.plan ? session.plan : await planOf(lab, flow, session);
  session.plan = plan;
  const [current] = plan.stages;
  if (!current) return finish(flow, request, plan);
  const answer = request.answer === undefined ? undefined : isDocument(request.answer) ? request.answer : {};
  const outcome = await view(current)({
    lab,
    flow,
    request,
    plan,
    answer,
    stage: await documentOf(lab, current),
  });
  if (outcome !== "passed") return outcome;
  plan.stages.shift();
  return plan.stages.length > 0 ? again(request, session) : finish(flow, request, plan);
}

/** Whether the browser meets the requirement of the flow. */
export async function mayRun(lab: Lab, flow: Document, session: Session): Promise<boolean> {
  const user = session.user === undefined ? undefined : await lab.store.get("user", String(session.user));
  return isApplicable(flow, user && { isSuperuser: await isSuperuser(user, { lab }) });
}

async function planOf(lab: Lab, flow: Document, session: Session): Promise<Plan> {
  const stages: PlannedStage[] = [];
  for (const key of await stagesOf(lab, flow)) {
    const found = await findStage(lab, key);
    if (found) stages.push({ kind: found.kind, key });
  }
  if (flow.designation === "authorization" && session.consent) {
    if (session.consent.isPrompted && !stages.some(({ kind }) => kind === "stage_consent")) {
      stages.push({ kind: "stage_consent" });
    }
    stages.push({ kind: "fulfilment" });
  }
  return { flow: String(flow.slug), stages };
}

function view({ kind }: PlannedStage): StageView {
  return kind === "fulfilment" ? () => "passed" : VIEWS[kind];
}

async function documentOf(lab: Lab, { kind, key }: PlannedStage): Promise<Document> {
  if (kind === "fulfilment" || key === undefined) return {};
  return (await lab.store.get(kind, key)) ?? {};
}

function finish(flow: Document, request: ExecutorRequest, plan: Plan): Reply {
  const { session } = request;
  delete session.plan;
  if (plan.isLoggedIn || flow.designation === "authentication") {
    const cookies = plan.isLoggedIn ? loginCookies(session) : [sessionCookie(session)];
    return jsonReply(200, redirectTo(nextOf(request.query) ?? "/"), { "set-cookie": cookies });
  }
  const asked = flow.designation === "authorization" ? session.consent : undefined;
  delete session.consent;
  return jsonReply(200, redirectTo(asked?.redirect ?? "/"), { "set-cookie": sessionCookie(session) });
}

function redirectTo(to: string): Document {
  return { component: "xak-flow-redirect", to };
}

/** Each accepted answer redirects to the same URL, which returns the next stage. */
function again(request: ExecutorRequest, session: Session): Reply {
  const reply = redirectReply(`/api/v3/flows/executor/${request.slug}/?query=${pythonEncode(request.query)}`);
  reply.headers["set-cookie"] = sessionCookie(session);
  return reply;
}
