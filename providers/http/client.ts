import { Agent as HttpAgent } from "node:http";
import axios, { type AxiosInstance } from "axios";
import { LimitPerServer } from "../core/limit";
import { type RetryRules, retrySafely } from "./retries";
import { timeoutMilliseconds } from "./timeout";
import { httpsAgent, type TrustOptions } from "./tls";

export interface HttpOptions extends TrustOptions, RetryRules {
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** authentik answers 500 now and then when more than eight requests wait, and Proxmox has one lock for all writes. */
const limits = new LimitPerServer(4);

/** An axios instance with a CA, keep-alive, a time-out on every call and bounded retries of what is safe to repeat. */
export function createHttp(options: HttpOptions): AxiosInstance {
  const limit = limits.of(options.baseUrl);
  const send = axios.getAdapter("http");
  const http = axios.create({
    // Below the retries, so that a pause before one holds nobody up.
    adapter: (config) => limit.run(() => send(config)),
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
