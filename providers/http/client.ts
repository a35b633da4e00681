import axios, { type AxiosAdapter, AxiosError, type AxiosInstance } from "axios";
import { LimitPerServer } from "../core/limit";
import { agentsFor } from "./agents";
import { type RetryRules, retrySafely } from "./retries";
import { requestsStop } from "./stop";
import { timeoutMilliseconds } from "./timeout";
import type { TrustOptions } from "./tls";

export interface HttpOptions extends TrustOptions, RetryRules {
  /** Its path, if it has one, stands before that of each request. */
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** authentik answers 500 now and then when more than eight requests wait, and Proxmox has one lock for all writes. */
const limits = new LimitPerServer(4);
/** Far above the longest list that either server gives; an answer without end stops there. */
const longestAnswerBytes = 64 * 1024 * 1024;

/** An axios instance with a CA, keep-alive, a time-out on every call and bounded retries of what is safe to repeat. */
export function createHttp(options: HttpOptions): AxiosInstance {
  const limit = limits.of(options.baseUrl);
  const http = axios.create({
    // Below the retries, so that a pause before one holds nobody up.
    adapter: (config) => limit.run(() => sendWithinTimeout(config)),
    baseURL: options.baseUrl.replace(/\/+$/, ""),
    headers: { ...options.headers, Accept: "application/json" },
    ...agentsFor(options.baseUrl, options),
    maxContentLength: longestAnswerBytes,
    maxRedirects: 0,
    // The agents know it.
    proxy: false,
    timeout: timeoutMilliseconds(),
  });
  retrySafely(http, options);
  return http;
}

const send = axios.getAdapter("http");

/** axios' own time-out starts again with every byte, so that an answer in drops would never end. */
const sendWithinTimeout: AxiosAdapter = async (config) => {
  const end = AbortSignal.timeout(config.timeout || timeoutMilliseconds());
  try {
    return await send({ ...config, timeout: 0, signal: AbortSignal.any([end, requestsStop]) });
  } catch (error) {
    if (!end.aborted) throw error;
    throw new AxiosError("the answer is not complete in time", AxiosError.ECONNABORTED, config);
  }
};
