import { Agent } from "node:https";
import { type Answer, type Exchange, isRecord } from "../exchange";
import { send } from "../http";

export const password = "a password of the recorded users";

type Cookies = Map<string, string>;

/** Follows a recorded login step by step, with the redirects of the simulators. */
export class Browser {
  /** The last redirect of Proxmox or authentik. */
  location = "";
  private cookies: Cookies = new Map();
  private token: unknown;
  private user = "";
  private readonly sessions = new Map<string, Cookies>();
  private readonly agent = new Agent({ keepAlive: true, rejectUnauthorized: false });

  constructor(private readonly origins: (host: string) => string) {}

  close(): void {
    this.agent.destroy();
  }

  async answerTo(exchange: Pick<Exchange, "method" | "path" | "headers" | "body">): Promise<Answer> {
    const { method, path, headers } = exchange;
    // A recorded request without cookies came from a new browser, every other first one from alice's.
    const isFirst =
      path.startsWith("/application/o/authorize/") && !this.location.startsWith("/application/");
    if (isFirst) {
      this.cookies = headers.cookie === undefined ? new Map() : (this.sessions.get("alice") ?? new Map());
    }
    const host = headers.host ?? "";
    const url = new URL(this.urlOf(exchange), `http://${host}`);
    const answer = await send(
      this.origins(host),
      {
        method,
        path: url.pathname + url.search,
        headers: {
          host,
          cookie: cookieHeader(this.cookies),
          "x-authentik-csrf": this.cookies.get("authentik_csrf") ?? "",
          ...jsonHeader(exchange),
        },
        body: this.bodyOf(exchange),
      },
      host.endsWith(":9000") ? undefined : this.agent,
    );
    this.learn(answer);
    return answer;
  }

  private urlOf({ path }: Pick<Exchange, "path">): string {
    if (!path.startsWith("/api/v3/flows/executor/")) return this.location;
    const { pathname, search } = new URL(this.location, "http://authentik");
    const slug = /^\/if\/flow\/([^/]+)\//.exec(pathname)?.[1];
    if (slug === undefined) return this.location;
    return `/api/v3/flows/executor/${slug}/?${new URLSearchParams({ query: search.slice(1) })}`;
  }

  private bodyOf({ body }: Pick<Exchange, "body">): string | undefined {
    if (!isRecord(body)) return undefined;
    if (typeof body.uid_field === "string") this.user = body.uid_field;
    return JSON.stringify({
      ...body,
      ...("password" in body ? { password } : {}),
      ...("token" in body ? { token: this.token } : {}),
    });
  }

  private learn({ headers, body }: Answer): void {
    for (const cookie of headers["set-cookie"]?.split("\n") ?? []) {
      const [name = "", value = ""] = (cookie.split(";")[0] ?? "").split(/=(.*)/s);
      this.cookies.set(name, value);
    }
    const location = headers.location ?? "";
    if (location !== "" && !location.startsWith("/api/v3/flows/executor/")) this.location = location;
    if (!isRecord(body)) return;
    this.token = body.token;
    if (body.component !== "xak-flow-redirect") return;
    this.location = String(body.to);
    if (this.user !== "") this.sessions.set(this.user, this.cookies);
  }
}

function cookieHeader(cookies: Cookies): string {
  return Array.from(cookies, ([name, value]) => `${name}=${value}`).join("; ");
}

function jsonHeader({ body }: Pick<Exchange, "body">): Record<string, string> {
  return body === undefined ? {} : { "content-type": "application/json" };
}
