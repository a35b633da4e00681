import { Agent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { type RunningAuthentik, startAuthentik } from "../../lab/authentik/start";
import { Correspondence, type Difference } from "./correspondence";
import { type Answer, type Exchange, isRecord } from "./exchange";
import { type Sent, send } from "./http";
import { numberedKind } from "./kinds";
import { testKey, withImportedKey } from "./test-keys";

/** Lists that the real server returns in any order. */
const sets = new Set([
  "in any order",
  "property_mappings",
  "scopes_supported",
  "system_permissions",
  "permissions",
]);

/** The Host header of the recorded requests. */
const recordedHosts: Record<string, Record<"http" | "https", string>> = {
  "2026.5": { http: "127.0.0.1:9000", https: "127.0.0.1:9443" },
  "2025.10": { http: "127.0.0.1:9010", https: "127.0.0.1:9453" },
};

const comparedHeaders = [
  "allow",
  "content-type",
  "location",
  "retry-after",
  "set-cookie",
  "www-authenticate",
];
/** The recorder of the joint logins did not store cookies. */
const comparedInJointLogins = comparedHeaders.filter((name) => name !== "set-cookie");

export function newCorrespondence(): Correspondence {
  return new Correspondence((field) => sets.has(field));
}

/** Recorded in between, on another installation, whose ids have no other meaning. */
const recordedElsewhere = /-outage-/;

export function compareAnswers(known: Correspondence, exchange: Exchange, answer: Answer): Difference[] {
  const correspondence = recordedElsewhere.test(exchange.file) ? newCorrespondence() : known;
  if (exchange.isUndecoded) return correspondence.compare(exchange.status, answer.status, "status");
  const { status, answerHeaders, answer: body, tokenHeader, claims, system } = exchange;
  const names = system === undefined ? comparedHeaders : comparedInJointLogins;
  return correspondence.compare(
    {
      status,
      headers: pick(answerHeaders, names),
      body: comparableBody(exchange, body),
      tokenHeader,
      claims,
    },
    {
      status: answer.status,
      headers: pick(answer.headers, names),
      body: comparableBody(exchange, answer.body),
      tokenHeader: answer.tokenHeader,
      claims: answer.claims,
    },
  );
}

/** With the contents of its ID token, if the recording has them. */
export function withToken({ tokenHeader, claims }: Exchange, answer: Answer): Answer {
  const idToken = isRecord(answer.body) ? answer.body.id_token : undefined;
  if (tokenHeader === undefined || typeof idToken !== "string") return answer;
  const isEncrypted = idToken.split(".").length === 5;
  return {
    ...answer,
    tokenHeader: decodeProtectedHeader(idToken),
    ...(claims !== undefined && { claims: isEncrypted ? "(encrypted)" : decodeJwt(idToken) }),
  };
}

function pick(headers: Record<string, string>, names: string[]): Record<string, string | undefined> {
  return Object.fromEntries(names.map((name) => [name, headers[name]]));
}

function comparableBody({ path }: Exchange, body: unknown): unknown {
  if (body === undefined) return "";
  // Only the text of a page, because the real pages are built for browsers.
  if (typeof body === "string" && /<!DOCTYPE/i.test(body)) {
    return { heading: /<h1[^>]*>([^<]*)<\/h1>/.exec(body)?.[1]?.trim() };
  }
  const field = sortedBy[path.split("?")[0] ?? ""];
  if (field !== undefined && isRecord(body) && Array.isArray(body.results)) {
    return { ...body, results: groupedBy(field, body.results) };
  }
  return body;
}

/** Lists that are sorted by a field. Objects with equal values come in random order. */
const sortedBy: Record<string, string> = {
  "/api/v3/core/applications/": "name",
  "/api/v3/policies/bindings/": "order",
};

function groupedBy(field: string, items: unknown[]): { "in any order": unknown[] }[] {
  const groups: { value: unknown; items: unknown[] }[] = [];
  for (const item of items) {
    const value = isRecord(item) ? item[field] : undefined;
    const last = groups.at(-1);
    if (last?.value === value) last?.items.push(item);
    else groups.push({ value, items: [item] });
  }
  return groups.map((group) => ({ "in any order": group.items }));
}

export class AuthentikReplay {
  readonly correspondence = newCorrespondence();
  private readonly agents = {
    http: new Agent({ keepAlive: true }),
    https: new HttpsAgent({ keepAlive: true, rejectUnauthorized: false }),
  };
  readonly close: () => Promise<void>;

  private constructor(
    private readonly authentik: RunningAuthentik,
    private readonly hosts: Record<"http" | "https", string>,
    close: () => Promise<void>,
  ) {
    this.close = async () => {
      this.agents.http.destroy();
      this.agents.https.destroy();
      await close();
    };
  }

  static async start(profile: string): Promise<AuthentikReplay> {
    const bootstrap = { token: "replayed-token", password: "unused", email: "admin@example.com" };
    const hosts = recordedHosts[profile];
    if (hosts === undefined) throw new Error(`There is no recording of authentik ${profile}.`);
    const authentik = await startAuthentik({ profile, bootstrap, rsaBits: 2048 });
    const replay = new AuthentikReplay(authentik, hosts, () => authentik.close());
    replay.correspondence.setPlaceholder("<API_TOKEN>", bootstrap.token);
    return replay;
  }

  async answerTo(recorded: Exchange): Promise<Answer> {
    const exchange = withImportedKey(recorded);
    this.authentik.database.isUp = !exchange.file.includes("-outage-db-down-");
    this.authentik.redis.isUp = !exchange.file.includes("-redis-down");
    const answer = await this.send(/-9443$/.test(exchange.file) ? "https" : "http", {
      method: exchange.method,
      path: this.translate(this.withOwnNumber(exchange.path)),
      headers: this.headersOf(exchange),
      body: this.bodyOf(exchange),
    });
    await this.learnTokenKey(exchange);
    this.learnPassword(exchange);
    const { body } = answer;
    if (isRecord(body) && typeof body.access_token === "string") {
      this.correspondence.setPlaceholder("<ACCESS_TOKEN>", body.access_token);
    }
    return withToken(exchange, answer);
  }

  private send(scheme: "http" | "https", sent: Sent): Promise<Answer> {
    const origin = scheme === "http" ? this.authentik.httpUrl : this.authentik.httpsUrl;
    const headers = { host: this.hosts[scheme], ...sent.headers };
    return send(origin, { ...sent, headers }, this.agents[scheme]);
  }

  /** The recorded tests read the key of a token that they created. Only its creation was recorded. */
  private async learnTokenKey({ path, method, body }: Exchange): Promise<void> {
    if (method !== "POST" || path !== "/api/v3/core/tokens/" || !isRecord(body)) return;
    const headers = { authorization: this.translate("Bearer <API_TOKEN>") };
    const view = { method: "GET", path: `${path}${body.identifier}/view_key/`, headers };
    const { body: key } = await this.send("http", view);
    if (isRecord(key)) this.correspondence.setPlaceholder("<RIG_USER_TOKEN>", String(key.key));
  }

  private learnPassword({ path, body, status }: Exchange): void {
    if (!path.endsWith("/set_password/") || status !== 204 || !isRecord(body)) return;
    this.correspondence.setPlaceholder("<USER_PASSWORD>", String(body.password));
  }

  private headersOf(exchange: Exchange): Record<string, string> {
    const headers = Object.entries(exchange.headers).map(([name, value]) => [
      name,
      this.translate(value.replace("<csrf cookie value>", "<authentik_csrf>")),
    ]);
    return Object.fromEntries(headers);
  }

  private bodyOf({ body, headers }: Exchange): string | undefined {
    if (body === undefined) return undefined;
    if (typeof body === "string") return this.translate(body);
    const text = this.translate(JSON.stringify(this.withOwnNumbers(body)));
    if (headers["content-type"] !== "application/x-www-form-urlencoded") return text;
    const form: Record<string, string> = JSON.parse(text);
    return new URLSearchParams(form).toString();
  }

  private translate(text: string): string {
    return this.correspondence.translate(text, (name) => testKey(name) ?? name);
  }

  private withOwnNumber(path: string): string {
    return path.replace(
      /^(\/api\/v3\/(?:providers\/\w+|core\/users)\/)(\d+)\//,
      (_match, before: string, key) => {
        const kind = before.includes("users") ? "user" : "provider";
        return `${before}${this.correspondence.number(kind, Number(key))}/`;
      },
    );
  }

  private withOwnNumbers(value: unknown, field = "", parent: Record<string, unknown> = {}): unknown {
    if (Array.isArray(value)) return value.map((item) => this.withOwnNumbers(item, field, parent));
    if (isRecord(value)) {
      return Object.fromEntries(
        Object.entries(value).map(([name, item]) => [name, this.withOwnNumbers(item, name, value)]),
      );
    }
    const kind = typeof value === "number" ? numberedKind(field, parent) : undefined;
    return kind === undefined ? value : this.correspondence.number(kind, Number(value));
  }
}
