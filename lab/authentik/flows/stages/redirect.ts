import { avatar } from "../../kinds/user";
import { textOf } from "../../lab";
import { jsonReply } from "../../server/reply";
import type { Document } from "../../store/store";
import { sessionCookie } from "../sessions";
import { pendingUser, type StageCall, type StageView } from "./stage";

export const redirect: StageView = ({ stage, request }) =>
  jsonReply(
    200,
    { component: "xak-flow-redirect", to: textOf(stage, "target_static") },
    { "set-cookie": sessionCookie(request.session) },
  );

export const deny: StageView = async (call) => jsonReply(200, denial(call, await pendingUser(call)));

/** The end of a flow with a denial. The plan is deleted, so the next request starts the flow again. */
export function denial(
  { stage, request, flow }: Pick<StageCall, "stage" | "request" | "flow">,
  user: Document | undefined,
  message = String(stage.deny_message ?? ""),
): Document {
  delete request.session.plan;
  return {
    flow_info: {
      title: textOf(flow, "title"),
      background: "",
      cancel_url: "/flows/-/cancel/",
      layout: "stacked",
    },
    component: "ak-stage-access-denied",
    pending_user: user ? textOf(user, "username") : "",
    pending_user_avatar: avatar(user ?? { username: "" }),
    error_message: message || "Unknown error",
  };
}
