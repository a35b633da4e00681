import axios, { type AxiosAdapter, AxiosError, type AxiosInstance } from "axios";
import { LimitPerServer } from "../core/limit";
import { agentsFor } from "./agents";
import { type RetryRules, retrySafely } from "./retries";
import { requestsStop } from "./stop";
import { timeoutMilliseconds } from "./timeout";
import type { TrustOptions } from "./tls";

export interface HttpOptions extends TrustOptions, RetryRules {
  /** Its path, if any, precedes the path of each request. */
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** authentik sometimes answers 500 if more than eight requests wait, and Proxmox has one lock for all writes. */
const limits = new LimitPerServer(4);
/** Far above the longest list of either server. It stops an endless answer. */
const longestAnswerBytes = 64 * 1024 * 1024;

/**
 * An axios instance with a CA, keep-alive, a timeout for every call, and bounded retries of requests that are safe to
 * repeat.
 */
export function createHttp(options: HttpOptions): AxiosInstance {
  const limit = limits.of(options.baseUrl);
  const http = axios.create({
    // Inside the retries, so the pause before a retry does not block other requests.
    adapter: (config) => limit.run(() => sendWithinTimeout(config)),
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
  return http;
}

const send = axios.getAdapter("http");

/** The timeout of axios restarts with every byte, so a slow answer would never time out. */
const sendWithinTimeout: AxiosAdapter = async (config) => {
  const end = AbortSignal.timeout(config.timeout || timeoutMilliseconds());
  try {
    return await send({ ...config, timeout: 0, signal: AbortSignal.any([end, requestsStop]) });
  } catch (error) {
    if (!end.aborted) throw error;
    throw new AxiosError("the answer is not complete in time", AxiosError.ECONNABORTED, config);
  }
};
