import { challenge, refused, required } from "../challenge";
import { pendingUser, type StageView, shownUser } from "./stage";

/** Nobody can solve the captcha. */
export const askCaptcha: StageView = async (call) => {
  const { stage, flow, request, answer } = call;
  return challenge(flow, request, {
    component: "ak-stage-captcha",
    ...(answer &&
      (answer.token === undefined ? required("token") : refused("token", "Invalid captcha response"))),
    ...shownUser(await pendingUser(call)),
    site_key: stage.public_key ?? null,
    js_url: stage.js_url ?? null,
    interactive: stage.interactive === true,
  });
};
