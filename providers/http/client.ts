import { Agent as HttpAgent } from "node:http";
import axios, { type AxiosError, type AxiosInstance } from "axios";
import axiosRetry, { exponentialDelay } from "axios-retry";
import { httpsAgent, type TrustOptions } from "./tls";

export interface HttpOptions extends TrustOptions {
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Server-specific: an answered failure that goes away by itself and has changed nothing. */
  isTransient(error: AxiosError): boolean;
}

/** Longest wait for one answer: just above the 30 s after which Proxmox gives up on its own daemon. */
export const timeoutMilliseconds = 35_000;
const retries = 4;
/** A server may ask for any pause by Retry-After; authentik asks for 5 s. */
const longestPauseMilliseconds = 10_000;
/** The server never saw the request, so that even a write may be sent again. */
const neverSent = new Set(["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "EAI_AGAIN"]);
const lostOnTheWay = new Set(["ECONNRESET", "ECONNABORTED", "ETIMEDOUT", "EPIPE"]);
const safeMethods = new Set(["get", "head"]);

export function isSafe(error: AxiosError): boolean {
  return safeMethods.has(error.config?.method?.toLowerCase() ?? "");
}

/** An axios instance with a CA, keep-alive, a time-out on every call and bounded retries of what is safe to repeat. */
export function createHttp(options: HttpOptions): AxiosInstance {
  const http = axios.create({
    baseURL: options.baseUrl.replace(/\/+$/, ""),
    headers: { ...options.headers, Accept: "application/json" },
    httpAgent: new HttpAgent({ keepAlive: true }),
    httpsAgent: httpsAgent(options),
    maxRedirects: 0,
    proxy: false,
    timeout: timeoutMilliseconds,
  });
  axiosRetry(http, {
    retries,
    shouldResetTimeout: true,
    // Honours Retry-After, which authentik sends while it starts.
    retryDelay: (attempt, error) => Math.min(exponentialDelay(attempt, error, 200), longestPauseMilliseconds),
    retryCondition: (error) => {
      const code = error.code ?? "";
      if (neverSent.has(code)) return true;
      if (lostOnTheWay.has(code)) return isSafe(error);
      return error.response !== undefined && options.isTransient(error);
    },
  });
  return http;
}
