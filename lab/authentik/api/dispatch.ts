import type { IncomingHttpHeaders } from "node:http";
import { isSuperuser } from "../kinds/user";
import type { Lab } from "../lab";
import type { Document, Json } from "../store/store";
import { authenticate, authenticateSession } from "./authentication";
import type { Answer, Endpoint, Method } from "./endpoint";
import { ApiError, forbidden } from "./errors";
import type { Kinds } from "./kind";
import { objectsAllowed, permissionsOf } from "./permissions";

export interface RawRequest {
  method: string;
  headers: IncomingHttpHeaders;
  origin: string;
  query: URLSearchParams;
  parameters: Record<string, string>;
  text: string;
}

const METHODS: Method[] = ["GET", "POST", "PUT", "PATCH", "DELETE"];
const ANONYMOUS: Document = {};

/** Runs the checks before an endpoint, in the order of the real server. */
export class Dispatcher {
  private lastWrite: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly lab: Lab,
    private readonly kinds: Kinds,
  ) {}

  async answer(endpoint: Endpoint, request: RawRequest): Promise<Answer> {
    requireJsonAccepted(request.headers.accept);
    const user = await this.requireAccess(endpoint, request);
    if (request.method === "OPTIONS") return { status: 200, body: describe(endpoint) };
    const method = methodOf(request);
    const handler = method && endpoint.methods[method];
    if (method && endpoint.notSimulated?.includes(method)) {
      throw new ApiError(501, { detail: `The simulated authentik has no ${method} of ${endpoint.path}.` });
    }
    if (!handler) throw new ApiError(405, { detail: `Method "${request.method}" not allowed.` });
    const body = method === "GET" || method === "DELETE" ? null : parseBody(request);
    const context = { lab: this.lab, kinds: this.kinds, origin: request.origin, user, query: request.query };
    const run = () => handler({ context, parameters: request.parameters, body });
    return method === "GET" ? run() : this.oneAtATime(run);
  }

  private async requireAccess(endpoint: Endpoint, request: RawRequest): Promise<Document> {
    const byToken = await authenticate(this.lab, request.headers.authorization);
    const user = byToken ?? (await authenticateSession(this.lab, request));
    if (endpoint.access === "anonymous") return user ?? ANONYMOUS;
    if (!user) throw forbidden("Authentication credentials were not provided.");
    const readable = endpoint.access === "user" && ["GET", "HEAD"].includes(request.method);
    if (readable || (await isSuperuser(user, { lab: this.lab }))) return user;
    const method = methodOf(request);
    const needed = method && endpoint.permissions?.[method];
    if (needed === undefined) throw forbidden();
    if ((await permissionsOf(user, this.lab)).has(needed)) return user;
    const allowed = await objectsAllowed(user, needed, this.lab);
    const { key } = request.parameters;
    // A list contains the objects that the user may see. Other objects are reported as missing.
    if (key === undefined ? allowed.size === 0 : !allowed.has(key)) throw forbidden();
    return user;
  }

  /** The database's unique constraints are checks here, so writes must not overlap. */
  private oneAtATime<T>(write: () => Promise<T>): Promise<T> {
    const result = this.lastWrite.then(write);
    this.lastWrite = result.catch(() => undefined);
    return result;
  }
}

/** Value of the `Allow` header of every answer. */
export function allowedMethods(endpoint: Endpoint): string {
  const methods: string[] = METHODS.filter(
    (method) => endpoint.methods[method] || endpoint.notSimulated?.includes(method),
  );
  if (endpoint.methods.GET) methods.push("HEAD");
  return [...methods, "OPTIONS"].join(", ");
}

function methodOf(request: RawRequest): Method | undefined {
  return request.method === "HEAD" ? "GET" : METHODS.find((known) => known === request.method);
}

function requireJsonAccepted(accept: string | undefined): void {
  if (accept === undefined || /application\/json|application\/\*|\*\/\*/.test(accept)) return;
  throw new ApiError(406, { detail: "Could not satisfy the request Accept header." });
}

function parseBody(request: RawRequest): Json {
  if (request.text === "") return {};
  const type = request.headers["content-type"] ?? "";
  if (!type.startsWith("application/json")) {
    throw new ApiError(415, { detail: `Unsupported media type "${type}" in request.` });
  }
  try {
    const body: Json = JSON.parse(request.text);
    return body;
  } catch {
    const end = request.text.length;
    throw new ApiError(400, {
      detail: `JSON parse error - unexpected end of data: line 1 column ${end + 1} (char ${end})`,
    });
  }
}

function describe(endpoint: Endpoint): Json {
  return {
    name: endpoint.path,
    description: "",
    renders: ["application/json"],
    parses: ["application/json"],
  };
}
