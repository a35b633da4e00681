import { AxiosError, type AxiosResponse } from "axios";
import { OutcomeUnknownError, UserError } from "../core/errors";
import { parseUrl } from "./host";
import { describeProxy, proxyFor } from "./proxy";
import { isSafe } from "./retries";
import { describeSender } from "./sender";
import { wrongFingerprint } from "./tls";
import { proxyRefuses, proxyUnreachable } from "./tunnel";

const untrusted = new Set([
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
]);

/** The issuer is neither trusted nor sent along. */
const lacksIssuer = new Set(["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"]);

/** The servers whose APIs this program calls, with the API's path and the config key of its address. */
const ways = {
  authentik: { api: "/api/v3/", addressKey: "authentikApiUrl" },
  Proxmox: { api: "/api2/", addressKey: "proxmoxApiUrl" },
} as const;

type ServerName = keyof typeof ways;

/** Status codes with which a proxy, a login portal or bot protection refuses a request before it reaches the server. */
const refusals = new Set([401, 403, 407, 429, 503]);

/** Explains a call without an answer: which server, what failed on the network, and what to do. */
export function explainNoAnswer(error: AxiosError, server: string, caSetting: string): UserError {
  const url = error.config?.baseURL ?? "";
  const code = error.code ?? "";
  if (untrusted.has(code)) {
    return new UserError(
      `${server} at ${url} has a TLS certificate from a CA that is not trusted here (${error.message}). Give its CA as ${caSetting}.${withoutChain(code)}${interceptedBy(url)}`,
    );
  }
  // OpenSSL's reason. Its error code differs between versions of Node.
  if (/unsupported protocol|alert protocol version/.test(error.message)) {
    return new UserError(
      `${server} at ${url} supports only unsafe versions of TLS. Enable TLS 1.2 or later there.`,
    );
  }
  switch (code) {
    case proxyUnreachable:
    case proxyRefuses:
      return new UserError(
        `${server} at ${url} cannot be reached through ${error.message}. ` +
          "Correct that variable, or let the proxy connect to this host and port. If you reach the host without a proxy, list it in NO_PROXY.",
      );
    case wrongFingerprint:
      return new UserError(
        `${server} at ${url} has another TLS certificate than the pinned one: ${error.message}. If the certificate was renewed, set the new fingerprint. Otherwise this may be a man-in-the-middle attack.`,
      );
    case "CERT_HAS_EXPIRED":
      return new UserError(`The TLS certificate of ${server} at ${url} has expired. Renew it.`);
    case "CERT_NOT_YET_VALID":
      return new UserError(
        `The TLS certificate of ${server} at ${url} is not valid yet. Correct the clock of this machine.`,
      );
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return new UserError(
        `The TLS certificate of ${server} is not for the name in ${url} (${error.message}). Use a name in the certificate, or issue a certificate for this name.`,
      );
    case "EPROTO":
    case "ERR_SSL_WRONG_VERSION_NUMBER":
      return new UserError(
        `${server} does not speak TLS at ${url}. Use the https port, or write the address with http://.`,
      );
    case "ECONNREFUSED":
      return new UserError(
        `${server} refuses connections at ${url}. Check that it is running, and that the port is right.`,
      );
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new UserError(
        `The name in ${url} (${server}) does not resolve here. Check the address and DNS.`,
      );
  }
  const seconds = (error.config?.timeout ?? 0) / 1000;
  const reason = code === AxiosError.ECONNABORTED ? `within ${seconds} s` : `(${code || error.message})`;
  const what = `${server} at ${url} did not answer ${request(error)} ${reason}.`;
  return isSafe(error)
    ? new UserError(`${what} Check that it is up and reachable from here.`)
    : new OutcomeUnknownError(`${what} It may have carried the request out; run the command again.`);
}

/** The usual mistake of a web server's configuration with a certificate of a public CA. */
function withoutChain(code: string): string {
  return lacksIssuer.has(code)
    ? " If the CA is a public one, install the certificate with its chain there."
    : "";
}

/** A proxy that inspects TLS presents a certificate of its own CA. */
function interceptedBy(url: string): string {
  const proxy = parseUrl(url) && proxyFor(url);
  return proxy === undefined
    ? ""
    : ` The connection goes through the proxy ${describeProxy(proxy)}. If the proxy inspects TLS, set the proxy's CA.`;
}

/** For plain http, the proxy in the environment answers itself if it refuses a request or does not reach the server. */
export function answeredByProxy({ config }: Pick<AxiosResponse, "config">): string {
  const url = config.baseURL ?? "";
  const proxy = /^http:/i.test(url) ? proxyFor(url) : undefined;
  return proxy === undefined
    ? ""
    : ` The request goes through the proxy ${describeProxy(proxy)}, which may have answered. If you reach the host without a proxy, list it in NO_PROXY.`;
}

/** The answer, unless it was cut off. The status of an incomplete answer means nothing. */
export function answerOf({ response }: AxiosError): AxiosResponse<unknown> | undefined {
  return response && response.status >= 300 ? response : undefined;
}

export function isRedirect({ status }: AxiosResponse): boolean {
  return status >= 300 && status < 400;
}

/** The servers' APIs never redirect. A redirect comes from a proxy, a login portal or the http port. */
export function explainRedirect(response: AxiosResponse<unknown>, server: ServerName): UserError {
  const target = withoutQuery(response.headers.location);
  return new UserError(
    `${server} at ${response.config.baseURL} redirects ${request(response)} to ${target}. ` +
      "Configure the address after the redirect, with scheme and port. " +
      `If a portal redirects to its login page, let the portal pass ${ways[server].api} without a login, or configure an address behind it.`,
  );
}

/** The query of a portal's address can contain tokens. */
export function withoutQuery(location: unknown): string {
  return String(location ?? "nowhere").replace(/[?#].*$/s, "");
}

export function isJson({ data }: AxiosResponse<unknown>): boolean {
  return typeof data === "object" && data !== null;
}

/**
 * Explains an answer that the server's API never gives, and who may have sent it. Behind a proxy, a write may still
 * have succeeded.
 */
export function notTheApi(response: AxiosResponse<unknown>, server: ServerName): UserError {
  const { status, config } = response;
  const { api, addressKey } = ways[server];
  const other = otherServer(response, server);
  const advice = other
    ? `This is an address of ${other}: give ${server}'s own address, e.g. as \`${addressKey}\`.`
    : refusals.has(status)
      ? `A server in front of ${server} limits or refuses requests. Let it pass ${api} unchanged, or set \`${addressKey}\` to an address that leads to ${server} directly.`
      : "Check the address, the port, and the proxy in front, if there is one.";
  const message = `${config.baseURL} is not ${server}'s API: ${request(response)} got ${status} (${describeSender(response)}). ${advice}${answeredByProxy(response)}`;
  return isSafe(response) ? new UserError(message) : new OutcomeUnknownError(message);
}

/** The other server of a login, if its address was given by mistake: both name themselves in a header. */
function otherServer({ headers }: AxiosResponse<unknown>, server: ServerName): ServerName | undefined {
  if (server === "authentik") return /^pve-api-daemon/.test(String(headers.server)) ? "Proxmox" : undefined;
  return /authentik/.test(String(headers["x-powered-by"])) ? "authentik" : undefined;
}

/** `POST /path`, for messages. */
export function request({ config }: Pick<AxiosError, "config">): string {
  return `${config?.method?.toUpperCase() ?? ""} ${config?.url?.replace(/\?.*$/s, "") ?? ""}`;
}

export function isAxiosError(error: unknown): error is AxiosError {
  return error instanceof AxiosError;
}
