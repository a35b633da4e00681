import { type Session, textOf } from "../lab";
import { pythonEncode } from "../oidc/urls";
import { jsonReply, type Reply } from "../server/reply";
import type { Document, Json } from "../store/store";
import { sessionCookie } from "./sessions";

/** A request to /api/v3/flows/executor/<flow>/?query=… */
export interface ExecutorRequest {
  session: Session;
  slug: string;
  /** The query of the page that runs the flow. */
  query: string;
  /** Whether the release is the newer one, whose challenges have more fields. */
  newer: boolean;
  /** Undefined for a GET. */
  answer: Json | undefined;
}

/** The challenge of a stage, with the fields that all challenges have. */
export function challenge(
  flow: Document,
  request: ExecutorRequest,
  content: Document,
  application = "",
): Reply {
  const next = request.newer ? nextOf(request.query) : null;
  const body: Document = {
    flow_info: {
      title: textOf(flow, "title").replace("%(app)s", application),
      background: "/static/dist/assets/images/flow_background.jpg",
      ...(request.newer ? { background_themed_urls: null } : {}),
      cancel_url: `/flows/-/cancel/${next ? `?next=${pythonEncode(next)}` : ""}`,
      layout: "stacked",
    },
    ...content,
  };
  return jsonReply(200, body, { "set-cookie": sessionCookie(request.session) });
}

export function nextOf(query: string): string | null {
  const next = new URLSearchParams(query).get("next");
  // authentik never redirects a browser with a new session to another site.
  return next?.startsWith("/") && !next.startsWith("//") ? next : null;
}

export function required(field: string): Document {
  return refused(field, "This field is required.", "required");
}

export function refused(field: string, string: string, code = "invalid"): Document {
  return { response_errors: { [field]: [{ string, code }] } };
}
