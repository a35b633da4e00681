import { Agent as HttpAgent } from "node:http";
import type { Agent as HttpsAgent } from "node:https";
import { HttpProxyAgent } from "http-proxy-agent";
import { proxyFor } from "./proxy";
import { directAgent, type TrustOptions } from "./tls";
import { TunnelAgent } from "./tunnel";

/** The agents for connections to one server: direct, or through the proxy in the environment. */
export function agentsFor(
  url: string,
  trust: TrustOptions,
): { httpAgent: HttpAgent; httpsAgent: HttpAgent | HttpsAgent } {
  const proxy = proxyFor(url);
  if (proxy === undefined) {
    return { httpAgent: new HttpAgent({ keepAlive: true }), httpsAgent: directAgent(trust) };
  }
  return {
    httpAgent: new HttpProxyAgent(proxy.url, { keepAlive: true }),
    httpsAgent: new TunnelAgent(proxy, trust),
  };
}
