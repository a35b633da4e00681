import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import Fastify, { type FastifyReply, type FastifyRequest } from "fastify";
import { type Disturbance, disturb, undisturbed } from "../disturbance";
import { hashToken } from "./access/secrets";
import { nodeCertificate } from "./certificate";
import { Clock } from "./clock";
import type { Member } from "./cluster";
import { BareError } from "./errors";
import { type Answer, answerError, answerSuccess, type Format } from "./http/answer";
import { Daemon } from "./http/daemon";
import { dispatch } from "./http/dispatch";
import { methods } from "./methods";
import { createNode, type Node } from "./node";
import { Store } from "./state/store";
import { profileOf } from "./versions";

export interface LoggedRequest {
  method: string;
  path: string;
  body: string;
}

export interface ProxmoxOptions {
  /** 0 uses a free port. */
  port: number;
  host?: string;
  /** Directory of state, certificates and syslog. By default they are only in memory. */
  dataFolder?: string;
  /** A node of the same cluster. Users and realms are shared, trust and pending logins are not. */
  clusterOf?: Node;
  /** A PEM file or a directory, read again for each outgoing call. */
  trust?: string;
  /** Like /etc/hosts, with ports: the real address of `host:port`. */
  hosts?: Record<string, string>;
  release?: string;
  /** The nodes of the cluster, this one first. */
  members?: Member[];
  rootPassword: string;
  /** API tokens with all permissions, as `root@pam!name=uuid`. */
  tokens?: string[];
  /** Delay of a 401. */
  authenticationDelayMs?: number;
  /**
   * How long pveproxy waits for pvedaemon, 30 seconds by default. Change it at run time with
   * `node.daemon.timeoutMs`.
   */
  daemonTimeoutMs?: number | undefined;
  /** How far the node's clock is ahead. Change it at run time with `node.clock.offsetSeconds`. */
  clockOffsetSeconds?: number;
  disturbance?: Disturbance;
  onRequest?: (request: LoggedRequest) => void;
}

export interface RunningProxmox {
  url: string;
  caPem: string;
  node: Node;
  close(): Promise<void>;
}

const maximumBodyBytes = 512 * 1024;

export async function startProxmox(options: ProxmoxOptions): Promise<RunningProxmox> {
  const host = options.host ?? "127.0.0.1";
  const clock = new Clock(options.clockOffsetSeconds);
  const store = options.clusterOf?.store ?? new Store(options.dataFolder, clock);
  for (const token of options.tokens ?? []) seedToken(store, token);
  const daemon = new Daemon(options.daemonTimeoutMs);
  daemon.runs = !options.disturbance?.down.includes("pvedaemon");
  const stop = new AbortController();
  const { caPem, certPem, keyPem } = nodeCertificate(options.dataFolder, host);
  const node = createNode({
    caPem,
    profile: profileOf(options.release ?? "9.2"),
    store,
    clock,
    rootPassword: options.rootPassword,
    members: options.members ?? [{ name: "pve", ip: host }],
    trust: options.trust,
    hosts: options.hosts ?? {},
    stopped: stop.signal,
    daemon,
  });
  const server = Fastify({
    https: { key: keyPem, cert: certPem },
    bodyLimit: maximumBodyBytes,
    forceCloseConnections: true,
    // Proxmox accepts a path that is not UTF-8. Methods read the original.
    rewriteUrl: ({ url = "/" }) => (url.startsWith("/api2/") ? "/api2/" : url),
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));

  server.get("/", (_request, reply) => {
    reply.type("text/html; charset=utf-8").send(readFileSync(join(__dirname, "login-page.html")));
  });
  server.all("/api2/*", async (request, reply) => {
    options.onRequest?.({ method: request.method, path: request.originalUrl, body: bodyOf(request) });
    const { method, originalUrl: path } = request;
    const fault = await disturb(options.disturbance ?? undisturbed, { method, path });
    const answer =
      fault === undefined
        ? await answerTo(node, request)
        : { status: fault, reason: "fault", body: "", isLate: false };
    if (answer.isLate) await delay(options.authenticationDelayMs ?? 3000);
    return send(reply, answer, clock);
  });
  server.setErrorHandler((error, _request, reply) => {
    const isTooLarge =
      error instanceof Error && "code" in error && error.code === "FST_ERR_CTP_BODY_TOO_LARGE";
    const reason = "for data too large";
    const answer = answerError(node.profile, "json", isTooLarge ? new BareError(501, reason, reason) : error);
    send(reply, answer, clock);
  });

  await server.listen({ port: options.port, host });
  const { port } = addressOf(server.server.address());
  const close = async () => {
    stop.abort();
    await server.close();
  };
  return { url: `https://localhost:${port}`, caPem, node, close };
}

async function answerTo(node: Node, request: FastifyRequest): Promise<Answer> {
  const [, format, path, query] = /^\/api2\/(json|extjs)(\/[^?]*)\??(.*)$/.exec(request.originalUrl) ?? [];
  if (path === undefined) return answerError(node.profile, "json", new BareError(404, "no such resource"));
  const formatName: Format = format === "extjs" ? "extjs" : "json";
  try {
    const data = await dispatch(node, methods, {
      verb: request.method,
      path,
      query: query ?? "",
      headers: request.headers,
      body: bodyOf(request),
    });
    return answerSuccess(formatName, data);
  } catch (error) {
    return answerError(node.profile, formatName, error);
  }
}

/** The HTTP server never reads the body of a GET. A length is enough to refuse it. */
function bodyOf(request: FastifyRequest): string {
  if (typeof request.body === "string") return request.body;
  return Number(request.headers["content-length"] ?? 0) > 0 ? "unread" : "";
}

/** Bypasses fastify, which adds a content type that the real server does not send. */
function send(reply: FastifyReply, { status, reason, contentType, body }: Answer, clock: Clock): void {
  reply.hijack();
  const date = new Date(clock.now()).toUTCString();
  const type = contentType === undefined ? {} : { "content-type": contentType };
  // As bytes, because with a text Node would write the reason phrase as UTF-8.
  const bytes = Buffer.from(body);
  reply.raw.writeHead(status, reason, { ...type, date, "content-length": bytes.length });
  reply.raw.end(bytes);
}

function seedToken(store: Store, token: string): void {
  const [, userid, name, secret] = /^(.+)!([^=]+)=(.+)$/.exec(token) ?? [];
  const user = userid === undefined ? undefined : store.config.users[userid];
  if (user === undefined || name === undefined || secret === undefined) {
    throw new Error("A token has the form root@pam!name=uuid, and its user has to exist.");
  }
  user.tokens[name] = { expire: 0, privsep: false, secretHash: hashToken(secret) };
  store.save();
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return address;
}
