import { newUuid } from "../../lab";
import { pageReply } from "../../server/reply";
import { challenge, required } from "../challenge";
import { pendingUser, type StageView, shownUser } from "./stage";

/** A user consents once, if the stage and the request allow a permanent consent. */
export const consent: StageView = async (call) => {
  const { lab, flow, stage, request, answer } = call;
  const asked = request.session.consent;
  if (!asked || request.session.user === undefined) return pageReply(404, "Not Found");
  const rememberAs = stage.mode === "always_require" ? undefined : asked.rememberAs;
  const isRemembered = rememberAs !== undefined && lab.consents.has(rememberAs);
  if (isRemembered || (answer && answer.token === asked.token)) {
    if (rememberAs !== undefined) lab.consents.add(rememberAs);
    return "passed";
  }
  asked.token = newUuid();
  return challenge(
    flow,
    request,
    {
      component: "ak-stage-consent",
      ...(answer ? required("token") : {}),
      ...shownUser(await pendingUser(call)),
      header_text: `You're about to sign into ${asked.applicationName}.`,
      permissions: asked.permissions,
      additional_permissions: [],
      token: asked.token,
    },
    asked.applicationName,
  );
};
