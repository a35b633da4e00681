import { Agent, fetch } from "undici";
import type { RunningProxmox } from "../../lab/proxmox/server";

/** One recorded exchange with a real server. Secrets in it are placeholders in angle brackets. */
export interface Exchange {
  file: string;
  method: string;
  path: string;
  headers?: Record<string, string>;
  contentType?: string;
  body?: string;
  status: number;
  reason: string;
  response: unknown;
}

export interface Outcome {
  status: number;
  reason: string;
  response: unknown;
}

/** Sends recorded requests to a simulator, with the secrets that the simulator gave out on the way. */
export class Replay {
  private readonly agent: Agent;
  private readonly secrets: Map<string, string>;

  constructor(
    private readonly proxmox: RunningProxmox,
    secrets: Record<string, string>,
  ) {
    this.agent = new Agent({ connect: { ca: proxmox.caPem } });
    this.secrets = new Map(Object.entries(secrets));
  }

  async send(exchange: Exchange): Promise<Outcome> {
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(exchange.headers ?? {})) headers[name] = this.fill(value);
    if (exchange.contentType !== undefined) headers["Content-Type"] = exchange.contentType;
    const response = await fetch(`${this.proxmox.url}${exchange.path}`, {
      method: exchange.method,
      headers,
      body: exchange.body === undefined ? null : this.fill(exchange.body),
      dispatcher: this.agent,
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.startsWith("application/json") ?? false;
    const body: unknown = isJson ? JSON.parse(text) : text;
    this.remember(exchange, body);
    const reason = Buffer.from(response.statusText, "latin1").toString();
    return { status: response.status, reason, response: body };
  }

  close(): Promise<void> {
    return this.agent.destroy();
  }

  private fill(text: string): string {
    let filled = text;
    for (const [placeholder, secret] of this.secrets) filled = filled.replaceAll(placeholder, secret);
    return filled;
  }

  /** Takes over what stands where the recording has a placeholder. */
  private remember({ response: recorded }: Exchange, actual: unknown): void {
    const expected = new Map(leavesOf(recorded));
    for (const [path, value] of leavesOf(actual)) {
      const placeholder = expected.get(path);
      if (typeof placeholder !== "string") continue;
      const isPlaceholder = /<[A-Z][^>]*>/.test(placeholder) || path.endsWith("/digest");
      if (isPlaceholder) this.secrets.set(placeholder, String(value));
    }
  }
}

/** Digests, tokens and times differ by nature, and lists from hashes have no order. */
export function normalize(value: unknown, key = ""): unknown {
  if (Array.isArray(value)) {
    return value
      .map((item) => normalize(item))
      .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([name, item]) => [name, normalize(item, name)]);
    return Object.fromEntries(entries.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
  }
  if (key === "digest" && typeof value === "string" && /^[0-9a-f]{40}$/.test(value)) return "<digest>";
  if (key === "value" || key === "CSRFPreventionToken" || key === "ticket") return "<secret>";
  return typeof value === "string" ? value.trimEnd() : value;
}

function leavesOf(value: unknown, path = ""): [string, unknown][] {
  if (typeof value !== "object" || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, item]) => leavesOf(item, `${path}/${key}`));
}
