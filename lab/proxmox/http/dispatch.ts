import type { IncomingHttpHeaders } from "node:http";
import { denied, Permissions } from "../access/permissions";
import { ApiError, BareError, Failure, internalError, parameterError } from "../errors";
import type { Node } from "../node";
import { authenticate, type Caller } from "./authenticate";
import { readParameters } from "./body";
import { type Call, findMethod, type Method } from "./method";
import { type Parameters, type RawParameters, verifyParameters } from "./schema";

interface Request {
  verb: string;
  /** The path below the format, still percent-encoded: `/access/domains`. */
  path: string;
  query: string;
  headers: IncomingHttpHeaders;
  body: string;
}

const anonymous: Caller = { subject: "", isToken: false };

/** Answers a request with the checks in the order of a real node. Throws for every status except 200. */
export async function dispatch(node: Node, methods: Method[], request: Request): Promise<unknown> {
  const { verb, path } = request;
  if (!["GET", "POST", "PUT", "DELETE"].includes(verb)) {
    throw new BareError(501, `method '${verb}' not available`);
  }
  if (request.body !== "" && (verb === "GET" || verb === "DELETE")) {
    const reason = `Unexpected content for method '${verb}'`;
    throw new BareError(501, reason, reason);
  }
  const segments = path.split("/").slice(1);
  const found = findMethod(methods, verb, segments);
  const caller = found?.method.isPublic
    ? publicCaller(node, request)
    : authenticate(node, verb, request.headers);
  const hasBody = verb === "POST" || verb === "PUT";
  const raw = readParameters(
    request.query,
    hasBody ? (request.headers["content-type"] ?? "") : "",
    hasBody ? request.body : "",
  );
  if (segments.some((segment) => segment === "")) throw denied("");
  if (found === undefined) throw new ApiError(501, `Method '${verb} ${path}' not implemented`);
  const { method, pathParameters } = found;
  const run = async () => {
    if (method.needsTicket && caller.isToken) throw ticketNeeded(path);
    const merged = mergePathParameters(raw, pathParameters);
    const permissions = new Permissions(node.store.config, node.profile);
    const call: Call = { node, caller, permissions, parameters: {} };
    return runMethod(method, call, merged);
  };
  return needsDaemon(method) ? node.daemon.do(run) : run();
}

/** According to `protected` in the API's schema. */
function needsDaemon({ verb, path }: Method): boolean {
  return verb !== "GET" || path === "/access/users";
}

async function runMethod(method: Method, call: Call, raw: RawParameters): Promise<unknown> {
  try {
    call.parameters = onlyText(raw);
    method.authorize?.(call);
  } catch (error) {
    throw error instanceof Failure ? internalError(error.message) : error;
  }
  try {
    const { undefinedOption, defined } = withoutNulls(raw);
    call.parameters = verifyParameters(method.parameters, defined, call.node.profile);
    if (undefinedOption !== undefined) {
      throw new Failure(`got undefined value for option '${undefinedOption}'`);
    }
    return (await method.run(call)) ?? null;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw internalError(method.failure === undefined ? error.message : `${method.failure}: ${error.message}`);
  }
}

/** Public methods ignore the caller. Only the ticket method refuses API tokens. */
function publicCaller(node: Node, request: Request): Caller {
  const hasToken = request.headers.authorization?.startsWith("PVEAPIToken") ?? false;
  return hasToken ? authenticate(node, request.verb, request.headers) : anonymous;
}

function mergePathParameters(raw: RawParameters, pathParameters: Parameters): RawParameters {
  for (const [name, value] of Object.entries(pathParameters)) {
    if (raw[name] !== undefined && raw[name] !== value) {
      throw parameterError({
        [name]: "duplicate parameter (already defined in URI) with conflicting values!",
      });
    }
  }
  return { ...raw, ...pathParameters };
}

function onlyText(raw: RawParameters): Parameters {
  return Object.fromEntries(
    Object.entries(raw).flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]])),
  );
}

function withoutNulls(raw: RawParameters): { undefinedOption: string | undefined; defined: RawParameters } {
  const entries = Object.entries(raw);
  return {
    undefinedOption: entries.find(([, value]) => value === null)?.[0],
    defined: Object.fromEntries(entries.filter(([, value]) => value !== null)),
  };
}

function ticketNeeded(path: string): ApiError {
  return denied(` (URI '${path}' not available with API token, need proper ticket.\n)`);
}
