import type { AxiosError, AxiosInstance, AxiosResponse } from "axios";
import axiosRetry, { exponentialDelay } from "axios-retry";
import { proxyUnreachable } from "./tunnel";

/** Rules that depend on the server. */
export interface RetryRules {
  /** Whether an error answer is temporary. Called only for requests that are safe to repeat. */
  isTransient(error: AxiosError): boolean;
  /** Whether an error answer means that nothing was done, so that even a create can be sent again. */
  isRefusedForNow?(error: AxiosError): boolean;
  /** Whether the response is a real answer, if the status alone does not show it. */
  isAnswer?(response: AxiosResponse): boolean;
}

const retries = 4;
/** A server can request any pause with Retry-After. authentik requests 5 s. */
const longestPauseMilliseconds = 10_000;
/** Retries without a message. They take about a second. */
const silentRepeats = 1;
/** Errors of requests that the server never received. */
const neverSent = new Set(["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "EAI_AGAIN", proxyUnreachable]);
const lostOnTheWay = new Set(["ECONNRESET", "EPIPE", "ERR_BAD_RESPONSE"]);
const timedOut = new Set(["ECONNABORTED", "ETIMEDOUT"]);
const safeMethods = new Set(["get", "head"]);

export function isSafe({ config }: Pick<AxiosError, "config">): boolean {
  return safeMethods.has(methodOf({ config }));
}

/** PUT, PATCH and DELETE are idempotent. */
function isRepeatable(error: Pick<AxiosError, "config">): boolean {
  return methodOf(error) !== "post";
}

function methodOf({ config }: Pick<AxiosError, "config">): string {
  return config?.method?.toLowerCase() ?? "get";
}

const reportAgainMilliseconds = 60_000;
const reportedAt = new Map<string, number>();

/** If the server has a problem, many calls fail at once. Only one of them is reported. */
function isFirstReport(what: string): boolean {
  const now = Date.now();
  if (now - (reportedAt.get(what) ?? Number.NEGATIVE_INFINITY) < reportAgainMilliseconds) return false;
  reportedAt.set(what, now);
  return true;
}

/** Retries safe requests up to four times with growing pauses, and reports it on the console. */
export function retrySafely(http: AxiosInstance, rules: RetryRules): void {
  axiosRetry(http, {
    retries,
    shouldResetTimeout: true,
    // Honours Retry-After.
    retryDelay: (attempt, error) => Math.min(exponentialDelay(attempt, error, 200), longestPauseMilliseconds),
    retryCondition: (error) => {
      const { code = "", response } = error;
      if (response && rules.isRefusedForNow?.(error)) return true;
      if (!response && neverSent.has(code)) return true;
      if (!isRepeatable(error)) return false;
      // After one timeout a second is likely, so only one retry follows.
      if (timedOut.has(code)) return (error.config?.["axios-retry"]?.retryCount ?? 0) === 0;
      return response && response.status >= 300 ? rules.isTransient(error) : lostOnTheWay.has(code);
    },
    onRetry(count, { config, response, code, message }) {
      if (count <= silentRepeats) return;
      const reason = response?.status ?? code ?? message;
      // A query can contain a token of the login.
      const address = http.getUri(config ?? {}).replace(/\?.*$/s, "");
      if (!isFirstReport(`${new URL(address).origin} ${reason}`)) return;
      console.log(
        `${config?.method?.toUpperCase()} ${address} failed (${reason}); trying again, at most ${retries} times`,
      );
    },
    ...(rules.isAnswer && { validateResponse: rules.isAnswer }),
  });
}
