import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import { setTimeout as delay } from "node:timers/promises";
import { hashToken, isSame } from "../proxmox/access/secrets";
import { nodeCertificate } from "../proxmox/certificate";
import { Clock } from "../proxmox/clock";
import { aclMethods } from "./acl";
import { ApiError, refused } from "./errors";
import type { Answer, Call, Method } from "./method";
import { createNode, type Node, Store } from "./node";
import { openidMethods } from "./openid";
import { isActive, userOfToken } from "./permissions";
import { type Product, products } from "./products";
import { realmMethods } from "./realms";
import { Parameters, verify } from "./schema";
import { isCsrfToken, sessionMethods, userOfTicket } from "./session";
import { userMethods } from "./users";

export interface AccessControlOptions {
  product: keyof typeof products;
  /** 0 uses a free port. */
  port: number;
  host?: string;
  /** Directory of state and certificates. By default they are only in memory. */
  dataFolder?: string;
  /** A PEM file or a directory, read again for each outgoing call. */
  trust?: string;
  /** Like /etc/hosts, with ports: the real address of `host:port`. */
  hosts?: Record<string, string>;
  rootPassword: string;
  /** API tokens with the administrator's role, as `root@pam!name:secret`. */
  tokens?: string[];
  /** Delay of a 401. */
  authenticationDelayMs?: number;
  onRequest?: (request: { method: string; path: string; body: string }) => void;
}

export interface RunningAccessControl {
  url: string;
  caPem: string;
  node: Node;
  close(): Promise<void>;
}

/** Starts a simulated Proxmox Backup Server or Datacenter Manager: its access API and login. */
export async function startAccessControl(options: AccessControlOptions): Promise<RunningAccessControl> {
  const { host = "127.0.0.1", dataFolder } = options;
  const product: Product = products[options.product];
  const stop = new AbortController();
  const { caPem, certPem, keyPem } = nodeCertificate(dataFolder, host);
  const node = createNode({
    product,
    store: new Store(product, dataFolder),
    clock: new Clock(),
    rootPassword: options.rootPassword,
    trust: options.trust,
    hosts: options.hosts ?? {},
    stopped: stop.signal,
  });
  for (const token of options.tokens ?? []) seedToken(node, token);
  const methods = [
    ...sessionMethods(product),
    ...realmMethods(product),
    ...userMethods(product),
    ...aclMethods(product),
    ...openidMethods,
  ];
  const server = createServer({ key: keyPem, cert: certPem }, (request, response) => {
    void answer(request, response).catch((error) => {
      console.error(`The ${product.name} simulator failed:`, error);
      response.writeHead(500).end();
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const { method = "", url: path = "" } = request;
    options.onRequest?.({ method, path, body });
    if (path === "/") {
      response.writeHead(200, { "content-type": "text/html" }).end(`<title>${product.name}</title>`);
      return;
    }
    try {
      send(response, await dispatch(node, methods, request, body));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 401) await delay(options.authenticationDelayMs ?? 3000);
      const clearsCookie = error.status === 401 && product.clearsCookie;
      const cleared = `${product.cookie}=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Secure; SameSite=Lax; HttpOnly; Path=/;`;
      const type = error.hasNoType ? {} : jsonHeaders;
      const headers = { ...type, ...(clearsCookie && { "set-cookie": cleared }) };
      response.writeHead(error.status, headers).end(error.message);
    }
  }

  await new Promise<void>((resolve) => server.listen(options.port, host, resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : options.port;
  return {
    url: `https://localhost:${port}`,
    caPem,
    node,
    close: () =>
      new Promise((resolve) => {
        stop.abort();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const jsonHeaders = { "content-type": "application/json;charset=UTF-8" };

function send(response: ServerResponse, { data, digest, login }: Answer): void {
  if (login === undefined) {
    response.writeHead(200, jsonHeaders).end(JSON.stringify({ data, ...(digest && { digest }) }));
    return;
  }
  const headers = { "content-type": "application/json", ...(login.cookie && { "set-cookie": login.cookie }) };
  response.writeHead(200, headers).end(JSON.stringify({ data, status: 200, success: true }));
}

/** Answers a request with the checks in the order of a real server. */
async function dispatch(
  node: Node,
  methods: readonly Method[],
  request: IncomingMessage,
  body: string,
): Promise<Answer> {
  const { pathname, searchParams } = new URL(request.url ?? "", "https://server");
  const path = decodeURIComponent(pathname.replace(/^\/api2\/json/, "").replace(/\/$/, ""));
  const found = methods.flatMap((method) => {
    const inPath = method.verb === request.method ? matched(method.path, pathname) : undefined;
    return inPath ? [{ method, inPath }] : [];
  })[0];
  if (found === undefined) throw new ApiError(404, `Path '/api2/json${path}' not found.`);
  const { method, inPath } = found;
  const caller = method.isPublic ? "" : callerOf(node, request);
  if (method.needsDaemon && !node.daemonRuns) throw refused("client error (Connect)");
  const given = new Map<string, string[]>();
  for (const [name, value] of [...inPath, ...searchParams, ...formOf(request, body)]) {
    given.set(name, [...(given.get(name) ?? []), value]);
  }
  const call = (parameters: Parameters): Call => ({ node, caller, parameters });
  method.authorize?.(call(new Parameters(given)));
  return method.run(call(verify(method.parameters, given)));
}

function formOf(request: IncomingMessage, body: string): URLSearchParams {
  const type = String(request.headers["content-type"] ?? "application/x-www-form-urlencoded");
  if (body !== "" && !type.startsWith("application/x-www-form-urlencoded")) {
    throw refused(`unsupported content type Ok("${type}")`);
  }
  return new URLSearchParams(body);
}

function matched(pattern: string, pathname: string): [string, string][] | undefined {
  const steps = `/api2/json${pattern}`.split("/");
  const given = pathname.replace(/\/$/, "").split("/");
  if (steps.length !== given.length) return undefined;
  const inPath: [string, string][] = [];
  for (const [index, step] of steps.entries()) {
    const value = decodeURIComponent(given[index] ?? "");
    const name = /^\{(.+)\}$/.exec(step)?.[1];
    if (name !== undefined) inPath.push([name, value]);
    else if (step !== value) return undefined;
  }
  return inPath;
}

function callerOf(node: Node, { headers, method }: IncomingMessage): string {
  const caller = headers.authorization
    ? tokenIn(node, headers.authorization)
    : ticketIn(node, headers, method);
  if (caller === undefined) throw new ApiError(401, "authentication failed", true);
  return caller;
}

function tokenIn(node: Node, authorization: string): string | undefined {
  const { tokenHeader } = node.product;
  const [, id = "", secret = ""] = new RegExp(`^${tokenHeader}[= ](.*?):(.*)$`).exec(authorization) ?? [];
  const hash = node.store.secrets.get(id);
  const isRight = hash !== undefined && isSame(hash, hashToken(secret));
  return isRight && isActive(node, userOfToken(id)) ? id : undefined;
}

function ticketIn(node: Node, headers: IncomingMessage["headers"], method = ""): string | undefined {
  const name = node.product.cookie.replace("__Host-", "");
  const cookie = new RegExp(`(?:^|;\\s*)(?:__Host-)?${name}=([^;]*)`).exec(headers.cookie ?? "")?.[1];
  const userid = cookie && userOfTicket(node, decodeURIComponent(cookie));
  if (!userid) return undefined;
  const csrfToken = String(headers.csrfpreventiontoken ?? "");
  return method === "GET" || isCsrfToken(node, userid, csrfToken) ? userid : undefined;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

export function seedToken({ store, product }: Node, token: string): void {
  const [, id, secret] = /^([^:]+![^:]+):(.+)$/.exec(token) ?? [];
  if (id === undefined || secret === undefined) throw new Error("A token has the form root@pam!name:secret.");
  store.users.set({ type: "token", id, options: {} });
  store.secrets.set(id, hashToken(secret));
  const [role = ""] = Object.keys(product.roles).filter((one) => one.startsWith("Admin"));
  store.acl.set({ path: "/", id, role, propagate: true });
  store.save();
}
