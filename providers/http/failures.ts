import { AxiosError, type AxiosResponse } from "axios";
import { OutcomeUnknownError, UserError } from "../core/errors";
import { isSafe } from "./retries";
import { wrongFingerprint } from "./tls";

const untrusted = new Set([
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
]);

/** Explains a call that got no answer: which server, what went wrong between here and there, what to do. */
export function explainNoAnswer(error: AxiosError, server: string, caSetting: string): UserError {
  const url = error.config?.baseURL ?? "";
  const code = error.code ?? "";
  if (untrusted.has(code)) {
    return new UserError(
      `${server} at ${url} has a TLS certificate from a CA that is not trusted here (${error.message}). Give its CA as ${caSetting}.`,
    );
  }
  // OpenSSL's reason; its code differs between versions of Node.
  if (/unsupported protocol|alert protocol version/.test(error.message)) {
    return new UserError(
      `${server} at ${url} speaks only versions of TLS that are not safe any more. Let it offer TLS 1.2 or later.`,
    );
  }
  switch (code) {
    case wrongFingerprint:
      return new UserError(
        `${server} at ${url} has another TLS certificate than the pinned one: ${error.message}. If it was renewed, set the new fingerprint; if not, somebody may be in between.`,
      );
    case "CERT_HAS_EXPIRED":
      return new UserError(`The TLS certificate of ${server} at ${url} has expired. Renew it.`);
    case "CERT_NOT_YET_VALID":
      return new UserError(
        `The TLS certificate of ${server} at ${url} is not valid yet. Is the clock of this machine behind?`,
      );
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return new UserError(
        `The TLS certificate of ${server} is not for the name in ${url} (${error.message}). Use a name that it has, or issue one for this name.`,
      );
    case "EPROTO":
    case "ERR_SSL_WRONG_VERSION_NUMBER":
      return new UserError(
        `${server} does not speak TLS at ${url}. Is the port that of https, or should the address begin with http://?`,
      );
    case "ECONNREFUSED":
      return new UserError(`${server} refuses connections at ${url}. Is it running, and is the port right?`);
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new UserError(
        `The name in ${url} (${server}) does not resolve here. Check the address and DNS.`,
      );
  }
  const seconds = (error.config?.timeout ?? 0) / 1000;
  const reason = code === "ECONNABORTED" ? `within ${seconds} s` : `(${code || error.message})`;
  const what = `${server} at ${url} did not answer ${request(error)} ${reason}.`;
  return isSafe(error)
    ? new UserError(`${what} Check that it is up and reachable from here.`)
    : new OutcomeUnknownError(`${what} It may have carried the request out; run the command again.`);
}

/** The answer, unless it ended in its middle: then its status says nothing. */
export function answerOf({ response }: AxiosError): AxiosResponse<unknown> | undefined {
  return response && response.status >= 300 ? response : undefined;
}

export function isRedirect({ status }: AxiosResponse): boolean {
  return status >= 300 && status < 400;
}

/** An API redirects nobody: what does is a proxy in front, or the http port. */
export function explainRedirect(error: AxiosError, server: string, { headers }: AxiosResponse): UserError {
  return new UserError(
    `${server} at ${error.config?.baseURL} redirects ${request(error)} to ${headers.location}. Give the address that it redirects to, with its scheme and port.`,
  );
}

export function isJson({ data }: AxiosResponse<unknown>): boolean {
  return typeof data === "object" && data !== null;
}

/** For an answer that the server's API never gives. Behind it, a proxy may have let a write through. */
export function notTheApi({ config }: Pick<AxiosError, "config">, server: string): UserError {
  const message = `What answers at ${config?.baseURL} is not ${server}'s API. Check the address and the port, and what a proxy in front passes on.`;
  return isSafe({ config }) ? new UserError(message) : new OutcomeUnknownError(message);
}

/** `POST /path`, for messages. */
export function request(error: AxiosError): string {
  return `${error.config?.method?.toUpperCase() ?? ""} ${error.config?.url ?? ""}`;
}

export function isAxiosError(error: unknown): error is AxiosError {
  return error instanceof AxiosError;
}
