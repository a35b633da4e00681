import { readdirSync, readFileSync, statSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import { TLSSocket } from "node:tls";
import { Agent, buildConnector, interceptors, request } from "undici";
import type { Clock } from "../clock";
import { Failure } from "../errors";
import { validityProblem } from "./certificate-validity";

export type Fetch = (url: string, options: RequestInit) => Promise<Response>;

const maxRedirections = 5;

const unlimited = { headersTimeout: 0, bodyTimeout: 0 };

/** The environment of a node. */
export interface Surroundings {
  /** PEM file or directory with the CAs that the node trusts. */
  trust: string | undefined;
  /** Like /etc/hosts, with ports: the real address of `host:port`. */
  hosts: Record<string, string>;
  clock: Clock;
  /** Aborts requests when the node stops. There is no other limit for a provider's answer. */
  stopped: AbortSignal;
}

/** A fetch that trusts the current content of the node's trust store. */
export function trustedFetch({ trust, hosts, clock, stopped }: Surroundings): Fetch {
  const ca = trust === undefined ? undefined : readCertificates(trust);
  return async (url, { method = "GET", headers, body }) => {
    const agent = new Agent({ ...unlimited, connect: connector(ca, hosts, clock) });
    try {
      // undici's fetch refuses some ports.
      const response = await request(url, {
        method: method === "POST" ? "POST" : "GET",
        headers: plain(new Headers(headers)),
        body: body === undefined || body === null ? null : String(body),
        signal: stopped,
        dispatcher: agent.compose(interceptors.redirect({ maxRedirections })),
      });
      const text = await response.body.text();
      const isEmpty = response.statusCode === 204 || response.statusCode === 304;
      return new Response(isEmpty ? null : text, {
        status: response.statusCode,
        headers: { "content-type": String(response.headers["content-type"] ?? "") },
      });
    } catch (error) {
      throw requestFailure(error, new URL(url).hostname);
    } finally {
      await agent.destroy();
    }
  };
}

/** A real node sends forms without a charset. */
function plain(headers: Headers): Record<string, string> {
  const type = headers.get("content-type");
  if (type !== null) headers.set("content-type", type.replace(/;.*/, ""));
  return Object.fromEntries(headers);
}

function connector(
  ca: string[] | undefined,
  hosts: Record<string, string>,
  clock: Clock,
): buildConnector.connector {
  const connect = buildConnector({ timeout: 0, ...(ca && { ca }) });
  return (options, done) => {
    const callback = judgedAt(clock, done);
    const defaultPort = options.protocol === "https:" ? "443" : "80";
    const [hostname, port] = hosts[`${options.hostname}:${options.port || defaultPort}`]?.split(":") ?? [];
    if (hostname === undefined || port === undefined) return connect(options, callback);
    // TLS has no server name for an IP address.
    const servername = isIP(options.hostname) ? "" : options.hostname;
    connect({ ...options, hostname, port, servername }, callback);
  };
}

/** Node.js checks a certificate with this machine's clock. It must also be valid by the node's clock. */
function judgedAt(clock: Clock, done: buildConnector.Callback): buildConnector.Callback {
  return (...[error, socket]) => {
    if (error !== null) return done(error, null);
    const problem = socket instanceof TLSSocket ? validityProblem(socket, clock.now()) : undefined;
    if (problem === undefined) return done(null, socket);
    socket.destroy();
    done(problem, null);
  };
}

function readCertificates(trust: string): string[] {
  if (!statSync(trust).isDirectory()) return [readFileSync(trust, "utf8")];
  return readdirSync(trust)
    .filter((file) => /\.(pem|crt)$/.test(file))
    .map((file) => readFileSync(join(trust, file), "utf8"));
}

const certificateProblems: Record<string, string> = {
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "unable to get local issuer certificate",
  UNABLE_TO_GET_ISSUER_CERT: "unable to get local issuer certificate",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "unable to get local issuer certificate",
  DEPTH_ZERO_SELF_SIGNED_CERT: "self-signed certificate",
  SELF_SIGNED_CERT_IN_CHAIN: "self-signed certificate in certificate chain",
  CERT_HAS_EXPIRED: "certificate has expired",
  CERT_NOT_YET_VALID: "certificate is not yet valid",
};

const connectionProblems: Record<string, string> = {
  ECONNREFUSED: "Connection refused (os error 111)",
  ECONNRESET: "Connection reset by peer (os error 104)",
  UND_ERR_SOCKET: "Connection reset by peer (os error 104)",
  ENOTFOUND: "failed to lookup address information: Name or service not known",
  EAI_AGAIN: "failed to lookup address information: Temporary failure in name resolution",
};

/** The error text of a real node's HTTP client. */
function requestFailure(error: unknown, hostname: string): Failure {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const code = String(Object(cause).code ?? "");
  const isWrongName = code === "ERR_TLS_CERT_ALTNAME_INVALID";
  const nameProblem = isIP(hostname.replace(/^\[|\]$/g, "")) ? "IP address mismatch" : "hostname mismatch";
  const certificateProblem = isWrongName ? nameProblem : certificateProblems[code];
  if (certificateProblem !== undefined) {
    return requestFailed(
      "native-tls: error:0A000086:SSL routines:tls_post_process_server_certificate:" +
        `certificate verify failed:../ssl/statem/statem_clnt.c:2124: (${certificateProblem})`,
    );
  }
  const connectionProblem =
    connectionProblems[code] ?? (cause instanceof Error ? cause.message : String(cause));
  return requestFailed(`io: ${connectionProblem}`);
}

export function requestFailed(problem: string): Failure {
  return new Failure(`Request failed: ureq request failed - ${problem}: ${problem}`);
}
