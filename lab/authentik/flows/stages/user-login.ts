import { textOf } from "../../lab";
import { durationSeconds } from "../../oidc/duration";
import { challenge, required } from "../challenge";
import { logIn, logOut } from "../sessions";
import { pendingUser, type StageView, shownUser } from "./stage";

/** Logs in. If the stage has an offset for it, asks whether to stay signed in. */
export const logInUser: StageView = async (call) => {
  const { lab, flow, stage, request, plan, answer } = call;
  const user = await pendingUser(call);
  if (durationSeconds(textOf(stage, "remember_me_offset")) > 0 && typeof answer?.remember_me !== "boolean") {
    const content = { component: "ak-stage-user-login", ...(answer && required("remember_me")) };
    return challenge(flow, request, { ...content, ...shownUser(user) });
  }
  if (user) {
    await logIn(lab, request.session, Number(user.pk));
    await lab.store.put("user", String(user.pk), { ...user, last_login: new Date().toISOString() });
    plan.isLoggedIn = true;
  }
  return "passed";
};

export const logOutUser: StageView = async ({ lab, request }) => {
  await logOut(lab, request.session);
  return "passed" as const;
};
