import { type Answer, type Call, type Endpoint, NO_CONTENT, ok, parameter } from "../api/endpoint";
import { notFound } from "../api/errors";
import { paginate } from "../api/listing";
import { endSession, storedSessions } from "../flows/sessions";
import { textOf } from "../lab";
import type { Document } from "../store/store";

const path = "core/authenticated_sessions";

/** The browsers that are logged in. */
export function sessionEndpoints(): Endpoint[] {
  return [
    { path: `${path}/`, methods: { GET: listSessions } },
    { path: `${path}/:key/`, methods: { DELETE: deleteSession } },
  ];
}

async function listSessions({ context }: Call): Promise<Answer> {
  const { lab, query } = context;
  const username = query.get("user__username");
  const shown: Document[] = [];
  for (const { uuid = null, user = null } of await storedSessions(lab)) {
    const owner = await lab.store.get("user", String(user));
    if (owner && (username === null || textOf(owner, "username") === username)) shown.push({ uuid, user });
  }
  const { documents, pagination } = paginate(shown, query);
  return ok({ pagination, results: documents, autocomplete: {} });
}

async function deleteSession(call: Call): Promise<Answer> {
  const { lab } = call.context;
  const session = (await storedSessions(lab)).find(({ uuid }) => uuid === parameter(call, "key"));
  if (session === undefined) throw notFound("AuthenticatedSession");
  await endSession(lab, session);
  return NO_CONTENT;
}
