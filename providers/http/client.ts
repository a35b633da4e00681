import axios, { type AxiosAdapter, AxiosError, type AxiosInstance, type AxiosResponse } from "axios";
import { Limit, PerServer } from "../core/limit";
import { agentsFor } from "./agents";
import { hideRequests } from "./hiddenRequest";
import { type Pace, paces } from "./pace";
import { type RetryRules, retrySafely } from "./retries";
import { requestsStop } from "./stop";
import { timeoutMilliseconds } from "./timeout";
import type { TrustOptions } from "./tls";

export interface HttpOptions extends TrustOptions, RetryRules {
  /** Its path, if any, precedes the path of each request. */
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the number of simultaneous requests follows the server's answers. */
  readonly isPaced?: boolean;
}

/** Proxmox has one lock for all writes. */
const limits = new PerServer(() => new Limit(4));
const pacedLimits = new PerServer((origin) => new Limit(() => paces.of(origin).atOnce));
/** Far above the longest list of either server. It stops an endless answer. */
const longestAnswerBytes = 64 * 1024 * 1024;

/**
 * An axios instance with a CA, keep-alive, a timeout for every call, and bounded retries of requests that are safe to
 * repeat.
 */
export function createHttp(options: HttpOptions): AxiosInstance {
  const limit = (options.isPaced ? pacedLimits : limits).of(options.baseUrl);
  const send: AxiosAdapter = options.isPaced
    ? (config) => paced(paces.of(options.baseUrl), () => sendWithinTimeout(config))
    : sendWithinTimeout;
  const http = axios.create({
    // Inside the retries, so the pause before a retry does not block other requests.
    adapter: (config) => limit.run(() => send(config)),
    baseURL: options.baseUrl.replace(/\/+$/, ""),
    headers: { ...options.headers, Accept: "application/json" },
    ...agentsFor(options.baseUrl, options),
    maxContentLength: longestAnswerBytes,
    maxRedirects: 0,
    // The agents connect through the proxy.
    proxy: false,
    timeout: timeoutMilliseconds(),
  });
  retrySafely(http, options);
  hideRequests(http);
  return http;
}

const overloaded = new Set([429, 500, 502, 503, 504]);

/** Sends a request. The server's pace follows the answer. */
async function paced(pace: Pace, request: () => Promise<AxiosResponse>): Promise<AxiosResponse> {
  const answered = pace.begin();
  const begun = performance.now();
  let status = 503;
  try {
    const response = await request();
    status = response.status;
    return response;
  } catch (error) {
    if (axios.isAxiosError(error)) status = error.response?.status ?? status;
    throw error;
  } finally {
    answered(performance.now() - begun, overloaded.has(status));
  }
}

const overHttp = axios.getAdapter("http");

/** The timeout of axios restarts with every byte, so a slow answer would never time out. */
const sendWithinTimeout: AxiosAdapter = async (config) => {
  const end = AbortSignal.timeout(config.timeout || timeoutMilliseconds());
  try {
    return await overHttp({ ...config, timeout: 0, signal: AbortSignal.any([end, requestsStop]) });
  } catch (error) {
    if (!end.aborted) throw error;
    throw new AxiosError("the answer is not complete in time", AxiosError.ECONNABORTED, config);
  }
};
