import { type Answer, type Call, type Endpoint, NO_CONTENT, ok, parameter } from "../api/endpoint";
import { notFound } from "../api/errors";
import { paginate } from "../api/listing";
import { endSession, storedSessions } from "../flows/sessions";
import { textOf } from "../lab";
import type { Document } from "../store/store";

const path = "core/authenticated_sessions";
const SESSION_MILLISECONDS = 14 * 24 * 60 * 60 * 1000;

/** The sessions of browsers. */
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
  for (const session of await storedSessions(lab)) {
    const owner = await lab.store.get("user", String(session.user));
    if (owner && (username === null || textOf(owner, "username") === username)) shown.push(show(session));
  }
  const { documents, pagination } = paginate(shown, query);
  return ok({ pagination, results: documents, autocomplete: {} });
}

/** Not recorded, but from the OpenAPI file. The simulator knows nothing about the browser. */
function show({ uuid, user, authenticatedAt }: Document): Document {
  const lastUsed = new Date(Number(authenticatedAt) * 1000);
  return {
    uuid: uuid ?? null,
    current: false,
    user_agent: { device: {}, os: {}, user_agent: {}, string: "" },
    geo_ip: null,
    asn: null,
    user: user ?? null,
    last_ip: "127.0.0.1",
    last_user_agent: "",
    last_used: lastUsed.toISOString(),
    expires: new Date(lastUsed.getTime() + SESSION_MILLISECONDS).toISOString(),
  };
}

async function deleteSession(call: Call): Promise<Answer> {
  const { lab } = call.context;
  const session = (await storedSessions(lab)).find(({ uuid }) => uuid === parameter(call, "key"));
  if (session === undefined) throw notFound("AuthenticatedSession");
  await endSession(lab, session);
  return NO_CONTENT;
}
