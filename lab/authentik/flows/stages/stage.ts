import { avatar } from "../../kinds/user";
import { type Lab, type Plan, textOf } from "../../lab";
import type { Reply } from "../../server/reply";
import type { Document } from "../../store/store";
import type { ExecutorRequest } from "../challenge";

/** A request to a stage. */
export interface StageCall {
  lab: Lab;
  flow: Document;
  stage: Document;
  request: ExecutorRequest;
  plan: Plan;
  /** Undefined if the browser only reads the stage. */
  answer: Document | undefined;
}

/** The challenge for the browser, or `passed` to continue with the next stage. */
export type StageView = (call: StageCall) => Promise<Reply | "passed"> | Reply | "passed";

export async function findUser(lab: Lab, identifier: string): Promise<Document | undefined> {
  const wanted = identifier.toLowerCase();
  const users = await lab.store.list("user");
  return users.find(
    (user) =>
      textOf(user, "username").toLowerCase() === wanted ||
      (textOf(user, "email") !== "" && textOf(user, "email").toLowerCase() === wanted),
  );
}

/** The user of the flow: identified in it, or logged in. */
export async function pendingUser({ lab, plan, request }: StageCall): Promise<Document | undefined> {
  if (plan.identifier !== undefined) return findUser(lab, plan.identifier);
  const { user } = request.session;
  return user === undefined ? undefined : lab.store.get("user", String(user));
}

/** The user's fields in a challenge. */
export function shownUser(user: Document | undefined, identifier = ""): Document {
  return {
    pending_user: user ? textOf(user, "username") : identifier,
    pending_user_avatar: avatar(user ?? { username: identifier }),
  };
}
