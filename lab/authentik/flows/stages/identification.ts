import { avatar, passwordMatches } from "../../kinds/user";
import { type Lab, listOf } from "../../lab";
import type { Document } from "../../store/store";
import { challenge, type ExecutorRequest, refused, required } from "../challenge";
import { translate } from "../locale";
import { findUser, type StageView } from "./stage";

export const identify: StageView = async ({ lab, flow, stage, request, plan, answer }) => {
  const identifier = answer?.uid_field;
  let problem: Document = answer ? required("uid_field") : {};
  if (typeof identifier === "string" && identifier !== "") {
    const user = await findBy(lab, stage, identifier);
    const isMissing = !user && (stage.pretend_user_exists !== true || stage.password_stage !== null);
    const isWrong = stage.password_stage !== null && !(user && isPasswordOf(user, answer?.password));
    // Nobody can solve the captcha.
    if (!isMissing && !isWrong && stage.captcha_stage === null) {
      plan.identifier = identifier;
      if (stage.password_stage !== null) plan.isPasswordChecked = true;
      return "passed";
    }
    problem = refused("non_field_errors", await translate(lab, user, "Failed to authenticate."));
  }
  const captcha = stage.captcha_stage && (await lab.store.get("stage_captcha", String(stage.captcha_stage)));
  const passwordless =
    stage.passwordless_flow && (await lab.store.get("flow", String(stage.passwordless_flow)));
  return challenge(flow, request, {
    component: "ak-stage-identification",
    ...problem,
    user_fields: listOf(stage, "user_fields"),
    ...(request.newer ? { pending_user_identifier: null } : {}),
    password_fields: stage.password_stage !== null,
    allow_show_password: false,
    ...pendingApplication(request),
    flow_designation: String(flow.designation),
    captcha_stage: captcha
      ? {
          js_url: captcha.js_url ?? null,
          site_key: captcha.public_key ?? null,
          interactive: captcha.interactive === true,
          pending_user: "",
          pending_user_avatar: avatar({ username: "" }),
        }
      : null,
    ...(passwordless ? { passwordless_url: `/if/flow/${passwordless.slug}/` } : {}),
    primary_action: "Log in",
    sources: listOf(stage, "sources").map((slug) => ({
      name: String(slug),
      icon_url: null,
      promoted: false,
      challenge: { component: "xak-flow-redirect", to: `/source/oauth/login/${slug}/` },
    })),
    show_source_labels: stage.show_source_labels === true,
    enable_remember_me: stage.enable_remember_me === true,
    ...(request.newer ? { passkey_challenge: null } : {}),
  });
};

async function findBy(lab: Lab, stage: Document, identifier: string): Promise<Document | undefined> {
  const user = await findUser(lab, identifier);
  const isAsked = listOf(stage, "user_fields").some(
    (field) => String(user?.[String(field)] ?? "").toLowerCase() === identifier.toLowerCase(),
  );
  return isAsked ? user : undefined;
}

function isPasswordOf(user: Document, password: unknown): boolean {
  return typeof password === "string" && user.is_active === true && passwordMatches(user, password);
}

function pendingApplication({ session, newer }: ExecutorRequest): Document {
  const pending = session.pendingApplication;
  if (!pending) return {};
  return { application_pre: pending.name, ...(newer ? { application_pre_launch: pending.launchUrl } : {}) };
}
