import { Agent as HttpAgent } from "node:http";
import axios, { type AxiosInstance } from "axios";
import { type RetryRules, retrySafely } from "./retries";
import { timeoutMilliseconds } from "./timeout";
import { httpsAgent, type TrustOptions } from "./tls";

export interface HttpOptions extends TrustOptions, RetryRules {
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
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
    timeout: timeoutMilliseconds(),
  });
  retrySafely(http, options);
  return http;
}
