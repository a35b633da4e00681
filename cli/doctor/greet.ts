import { createHttp } from "../../providers/http/client";
import { explainNoAnswer, isAxiosError } from "../../providers/http/failures";
import type { TrustOptions } from "../../providers/http/tls";
import { productIn } from "../../providers/proxmox/products";

export interface Greeting {
  readonly status: number;
  /** How many seconds the server's clock is ahead of this machine's. Undefined if the answer has no time. */
  readonly secondsAhead: number | undefined;
  /** The product of Proxmox, if the answer is its list of realms. */
  readonly product: string | undefined;
}

const limitMs = 10_000;

interface Server extends TrustOptions {
  readonly url: string;
  readonly path: string;
  readonly name: string;
  /** The config key of its CA. */
  readonly caKey: string;
}

/** Sends a request without a credential. Explains why a server cannot be reached. */
export async function greet({ url, path, name, caKey, ...trust }: Server): Promise<Greeting> {
  const http = createHttp({ baseUrl: url, headers: {}, isTransient: () => false, ...trust });
  const begun = Date.now();
  try {
    const { status, headers, data } = await http.get<unknown>(path, {
      "axios-retry": { retries: 0 },
      timeout: limitMs,
      validateStatus: () => true,
    });
    const secondsAhead = ahead(String(headers.date ?? ""), (begun + Date.now()) / 2);
    return { status, secondsAhead, product: productIn(Object(data).data) };
  } catch (error) {
    throw isAxiosError(error) ? explainNoAnswer(error, name, `\`${caKey}\``) : error;
  }
}

/** A Date header has whole seconds, so the middle of that second is the best estimate. */
function ahead(date: string, now: number): number | undefined {
  const told = Date.parse(date);
  return Number.isNaN(told) ? undefined : Math.round((told + 500 - now) / 1000);
}
