import { avatar } from "../../kinds/user";
import { type Lab, type Plan, textOf } from "../../lab";
import type { Reply } from "../../server/reply";
import type { Document } from "../../store/store";
import type { ExecutorRequest } from "../challenge";

/** One visit to a stage. */
export interface StageCall {
  lab: Lab;
  flow: Document;
  stage: Document;
  request: ExecutorRequest;
  plan: Plan;
  /** Undefined where the browser only looks. */
  answer: Document | undefined;
}

/** What the browser is shown, or that the next stage may come. */
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

/** The user that the flow is about: identified in it, or logged in. */
export async function pendingUser({ lab, plan, request }: StageCall): Promise<Document | undefined> {
  if (plan.identifier !== undefined) return findUser(lab, plan.identifier);
  const { user } = request.session;
  return user === undefined ? undefined : lab.store.get("user", String(user));
}

/** How a challenge shows that user. */
export function shownUser(user: Document | undefined, identifier = ""): Document {
  return {
    pending_user: user ? textOf(user, "username") : identifier,
    pending_user_avatar: avatar(user ?? { username: identifier }),
  };
}
