import type { AxiosError, AxiosInstance, AxiosResponse } from "axios";
import axiosRetry, { exponentialDelay } from "axios-retry";
import { proxyUnreachable } from "./tunnel";

/** What only the server's own client knows. */
export interface RetryRules {
  /** An answered failure that may go away by itself, of a request that may be repeated. */
  isTransient(error: AxiosError): boolean;
  /** One that says that nothing was done, so that even a write that makes something may be sent again. */
  isRefusedForNow?(error: AxiosError): boolean;
  /** Whether it is what was asked for, where the status alone does not tell. */
  isAnswer?(response: AxiosResponse): boolean;
}

const retries = 4;
/** A server may ask for any pause by Retry-After; authentik asks for 5 s. */
const longestPauseMilliseconds = 10_000;
/** The first repeats take a second or so together. */
const silentRepeats = 1;
/** The server never saw the request. */
const neverSent = new Set(["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "EAI_AGAIN", proxyUnreachable]);
const lostOnTheWay = new Set(["ECONNRESET", "EPIPE", "ERR_BAD_RESPONSE"]);
const timedOut = new Set(["ECONNABORTED", "ETIMEDOUT"]);
const safeMethods = new Set(["get", "head"]);

export function isSafe({ config }: Pick<AxiosError, "config">): boolean {
  return safeMethods.has(methodOf({ config }));
}

/** PUT, PATCH and DELETE say what shall be the case in the end: sent twice, they do what they do once. */
export function isRepeatable(error: Pick<AxiosError, "config">): boolean {
  return methodOf(error) !== "post";
}

function methodOf({ config }: Pick<AxiosError, "config">): string {
  return config?.method?.toLowerCase() ?? "get";
}

const newsAgainMilliseconds = 60_000;
const toldAt = new Map<string, number>();

/** A server that has a bad minute makes many calls fail at once: one of them is told. */
function isNews(what: string): boolean {
  const now = Date.now();
  if (now - (toldAt.get(what) ?? Number.NEGATIVE_INFINITY) < newsAgainMilliseconds) return false;
  toldAt.set(what, now);
  return true;
}

/** Repeats what may be repeated, with growing pauses and at most four times, and says so on the console. */
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
      // A second one takes as long as the first; more would only be waiting.
      if (timedOut.has(code)) return (error.config?.["axios-retry"]?.retryCount ?? 0) === 0;
      return response && response.status >= 300 ? rules.isTransient(error) : lostOnTheWay.has(code);
    },
    onRetry(count, { config, response, code, message }) {
      if (count <= silentRepeats) return;
      const reason = response?.status ?? code ?? message;
      // A query may hold a token of the login.
      const address = http.getUri(config ?? {}).replace(/\?.*$/s, "");
      if (!isNews(`${new URL(address).origin} ${reason}`)) return;
      console.log(
        `${config?.method?.toUpperCase()} ${address} failed (${reason}); trying again, at most ${retries} times`,
      );
    },
    ...(rules.isAnswer && { validateResponse: rules.isAnswer }),
  });
}
