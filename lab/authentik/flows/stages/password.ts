import { passwordMatches } from "../../kinds/user";
import { challenge, refused, required } from "../challenge";
import { translate } from "../locale";
import { findUser, type StageView, shownUser } from "./stage";

export const checkPassword: StageView = async ({ lab, flow, request, plan, answer }) => {
  if (plan.isPasswordChecked) return "passed";
  const identifier = plan.identifier ?? "";
  const user = await findUser(lab, identifier);
  const password = answer?.password;
  if (user && typeof password === "string" && user.is_active === true && passwordMatches(user, password)) {
    return "passed";
  }
  const wrong = async () => refused("password", await translate(lab, user, "Invalid password"));
  // Unknown users are asked for a password too, to prevent guessing of names.
  return challenge(flow, request, {
    component: "ak-stage-password",
    ...(answer && (password === undefined ? required("password") : await wrong())),
    ...shownUser(user, identifier),
    allow_show_password: false,
  });
};
