import { passwordMatches } from "../../kinds/user";
import { jsonReply } from "../../server/reply";
import { challenge, refused, required } from "../challenge";
import { translate } from "../locale";
import { denial } from "./redirect";
import { findUser, type StageView, shownUser } from "./stage";

export const checkPassword: StageView = async (call) => {
  const { lab, flow, stage, request, plan, answer } = call;
  if (plan.isPasswordChecked) return "passed";
  const identifier = plan.identifier ?? "";
  const user = await findUser(lab, identifier);
  const password = answer?.password;
  if (user && typeof password === "string" && user.is_active === true && passwordMatches(user, password)) {
    return "passed";
  }
  const said = await translate(lab, user, "Invalid password");
  const wrong = () => refused("password", said);
  if (typeof password === "string") {
    plan.wrongPasswords = (plan.wrongPasswords ?? 0) + 1;
    // The last attempt ends the flow (authentik/stages/password/stage.py, not recorded).
    if (plan.wrongPasswords >= Number(stage.failed_attempts_before_cancel))
      return jsonReply(200, denial(call, user, said));
  }
  // Unknown users are asked for a password too, to prevent guessing of names.
  return challenge(flow, request, {
    component: "ak-stage-password",
    ...(answer && (password === undefined ? required("password") : wrong())),
    ...shownUser(user, identifier),
    allow_show_password: false,
  });
};
