import { generateKeyPairSync } from "node:crypto";
import { request as httpRequest } from "undici";
import type { Exchange } from "./authentik-recordings";

const NATURAL_KEYS = ["slug", "managed", "domain", "username", "name"];
const PRIMARY_KEYS = ["pk", "brand_uuid"];

export interface ReplayedAnswer {
  status: number;
  allow: string | undefined;
  location: string | undefined;
  cookies: string[];
  body: unknown;
}

/** Sends recorded requests to another server and remembers which of its keys stands for which recorded one. */
export class Replay {
  private readonly keys = new Map<string, string>();
  /** Providers and users have integer keys, which mean something only with their kind. */
  private readonly numbers = { provider: new Map<number, number>(), user: new Map<number, number>() };
  private readonly codes = new Map<string, string>();
  private readonly cookies = new Map<string, string>();
  private accessToken = "";
  private readonly rsaKey = pem("rsa");
  private readonly ecKey = pem("ec");

  constructor(
    private readonly origin: string,
    private readonly apiToken: string,
    private readonly passwords: Record<string, string>,
  ) {}

  /** A recorded key stands for this one from now on. */
  alias(recorded: string, own: string): void {
    this.keys.set(recorded, own);
  }

  async send(exchange: Exchange): Promise<ReplayedAnswer> {
    // Each recorded login begins with an empty browser.
    if (/-authorize$|-(?:password|user)-get$|prompt-none/.test(exchange.name)) this.cookies.clear();
    const response = await httpRequest(this.origin + this.urlOf(exchange), {
      method: requireMethod(exchange.method),
      headers: this.headersOf(exchange),
      body: this.bodyOf(exchange) ?? null,
    });
    const text = await response.body.text();
    const set = [response.headers["set-cookie"] ?? []].flat();
    for (const cookie of set) {
      const [name = "", value = ""] = (cookie.split(";")[0] ?? "").split(/=(.*)/s);
      this.cookies.set(name, value);
    }
    const answer = {
      status: response.statusCode,
      allow: single(response.headers.allow),
      location: single(response.headers.location),
      cookies: set.map((cookie) => cookie.split("=")[0] ?? ""),
      body: parse(text),
    };
    this.learn(exchange, answer);
    return answer;
  }

  private urlOf(exchange: Exchange): string {
    const path = this.translate(exchange.path)
      .replace(
        /(\/providers\/\w+\/)(\d+)/,
        (_match, before, key) => before + this.number("provider", Number(key)),
      )
      .replace(/(\/core\/users\/)(\d+)/, (_match, before, key) => before + this.number("user", Number(key)));
    if (exchange.query === undefined) return path;
    if (typeof exchange.query === "string") return `${path}?${exchange.query}`;
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(exchange.query)) {
      for (const item of [value].flat()) query.append(name, this.translate(String(item)));
    }
    return `${path}?${query}`;
  }

  private headersOf(exchange: Exchange): Record<string, string> {
    const headers: Record<string, string> = {
      accept: "application/json",
      "content-type": "application/json",
    };
    if (exchange.token) headers.authorization = `Bearer ${this.apiToken}`;
    if (exchange.path.startsWith("/application/o/"))
      headers["content-type"] = "application/x-www-form-urlencoded";
    for (const [name, value] of Object.entries(exchange.headers ?? {})) {
      headers[name.toLowerCase()] = value
        .replace("<ACCESS_TOKEN>", this.accessToken)
        .replace("<API_TOKEN>", this.apiToken);
    }
    if (this.cookies.size > 0) {
      headers.cookie = Array.from(this.cookies, ([name, value]) => `${name}=${value}`).join("; ");
    }
    return headers;
  }

  private bodyOf(exchange: Exchange): string | undefined {
    if (exchange.body === undefined || exchange.body === null) return undefined;
    const text =
      typeof exchange.body === "string"
        ? exchange.body
        : this.translate(JSON.stringify(this.withOwnNumbers(exchange)));
    if (!exchange.path.startsWith("/application/o/")) return text;
    const form: Record<string, string> = JSON.parse(text);
    return new URLSearchParams(form).toString();
  }

  private withOwnNumbers({ body, path }: Exchange): unknown {
    if (!isRecord(body)) return body;
    const own = { ...body };
    for (const name of ["provider", "user"] as const) {
      if (typeof own[name] === "number") own[name] = this.number(name, own[name]);
    }
    if (Array.isArray(own.users)) own.users = own.users.map((user) => this.number("user", Number(user)));
    if (/(?:add|remove)_user/.test(path)) own.pk = this.number("user", Number(own.pk));
    return own;
  }

  private number(kind: "provider" | "user", recorded: number): number {
    return this.numbers[kind].get(recorded) ?? recorded;
  }

  /** Replaces recorded keys, codes and placeholders. */
  private translate(text: string): string {
    let translated = text
      .replace(/<PRIVATE KEY PEM, 306[^>]*>/g, escaped(this.ecKey))
      .replace(/<PRIVATE KEY PEM, 59[^>]*>/g, "garbage")
      .replace(/<PRIVATE KEY PEM[^>]*>/g, escaped(this.rsaKey))
      .replace("<ACCESS_TOKEN>", this.accessToken);
    for (const [placeholder, value] of Object.entries(this.passwords)) {
      translated = translated.replaceAll(placeholder, value);
    }
    for (const [recorded, own] of [...this.keys, ...this.codes])
      translated = translated.replaceAll(recorded, own);
    return translated;
  }

  private learn(exchange: Exchange, answer: ReplayedAnswer): void {
    this.pair(exchange.answer, answer.body);
    this.learnNumber(exchange, answer);
    const [recorded, own] = [codeOf(exchange.location), codeOf(answer.location)];
    if (recorded && own) this.codes.set(recorded, own);
    if (isRecord(answer.body) && typeof answer.body.access_token === "string") {
      this.accessToken = answer.body.access_token;
    }
  }

  private learnNumber({ path, answer: recorded }: Exchange, { body }: ReplayedAnswer): void {
    const kind = path.includes("/providers/")
      ? "provider"
      : path.includes("/core/users/")
        ? "user"
        : undefined;
    if (!kind || !isRecord(recorded) || !isRecord(body)) return;
    if (typeof recorded.pk === "number" && typeof body.pk === "number") {
      this.numbers[kind].set(recorded.pk, body.pk);
    }
  }

  /** Walks through both answers; the objects of a list belong together by their name. */
  private pair(recorded: unknown, own: unknown): void {
    if (Array.isArray(recorded) && Array.isArray(own)) {
      for (const item of recorded)
        this.pair(
          item,
          own.find((candidate) => sameObject(item, candidate)),
        );
    }
    if (!isRecord(recorded) || !isRecord(own)) return;
    for (const name of PRIMARY_KEYS) {
      const [from, to] = [recorded[name], own[name]];
      if (typeof from === "string" && typeof to === "string") this.keys.set(from, to);
    }
    for (const name of Object.keys(recorded)) this.pair(recorded[name], own[name]);
    for (const name of Object.keys(recorded).filter((key) => key.startsWith("flow_"))) {
      const [from, to] = [recorded[name], own[name]];
      if (typeof from === "string" && typeof to === "string" && from.length === 36) this.keys.set(from, to);
    }
  }
}

function sameObject(left: unknown, right: unknown): boolean {
  if (!isRecord(left) || !isRecord(right)) return false;
  const key = NATURAL_KEYS.find((name) => left[name] !== undefined && left[name] !== null);
  return key !== undefined && left[key] === right[key];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function codeOf(location: string | undefined): string | undefined {
  return /code=([0-9a-f]{32})/.exec(location ?? "")?.[1];
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

function pem(type: "rsa" | "ec"): string {
  const { privateKey } =
    type === "rsa"
      ? generateKeyPairSync("rsa", { modulusLength: 2048 })
      : generateKeyPairSync("ec", { namedCurve: "P-384" });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] as const;

function requireMethod(method: string): (typeof METHODS)[number] {
  const known = METHODS.find((candidate) => candidate === method);
  if (!known) throw new Error(`No recording uses ${method}.`);
  return known;
}
