import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Exchanges with a real authentik 2026.5, in their order, without what a test cannot compare. */
export interface Exchange {
  name: string;
  method: string;
  path: string;
  query?: string | Record<string, string | number | string[]>;
  /** The request carried the bootstrap token. */
  token?: boolean;
  headers?: Record<string, string>;
  body?: unknown;
  status: number;
  allow?: string;
  location?: string;
  cookies?: string[];
  /** Of an HTML page only the heading is kept. */
  heading?: string;
  answer?: unknown;
}

export function readExchanges(version: string): Exchange[] {
  const path = join(__dirname, "..", "recordings", "authentik", `${version}.json`);
  return JSON.parse(readFileSync(path, "utf8"));
}

/** Values that differ from one server to the next, by their field. */
const GENERATED_FIELDS = new Set([
  "client_secret",
  "sentry_dsn",
  "uid",
  "sub",
  "sid",
  "jti",
  "kid",
  "n",
  "x",
  "y",
  "x5c",
  "x5t",
  "x5t#S256",
  "token",
  "access_token",
  "id_token",
  "request_id",
]);

const GENERATED_NUMBERS = new Set([
  "num_pk",
  "exp",
  "iat",
  "auth_time",
  "pk",
  "provider",
  "user",
  "users",
  "user_pk",
]);

/** Lists whose order the real server does not keep. */
const SETS = new Set(["property_mappings", "scopes_supported", "system_permissions", "permissions", "scope"]);

const GENERATED_TEXTS: [RegExp, string][] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<uuid>"],
  [/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>"],
  [/data:image\/.*/g, "<image>"],
  [/^(?:[0-9a-f]{2}:){19,}[0-9a-f]{2}$/g, "<fingerprint>"],
  [/^(?:-----BEGIN|<.*PEM)[\s\S]*/g, "<pem>"],
  [/code=[0-9a-f]{32}/g, "code=<code>"],
  [/id_token_hint=.*/g, "id_token_hint=<token>"],
  [/^[A-Za-z0-9]{40}$/g, "<id>"],
];

/** The same value for everything that one server makes by chance, so that two servers' answers can be compared. */
export function comparable(value: unknown, origin: string, field = ""): unknown {
  if (GENERATED_FIELDS.has(field) && value !== null) return `<${field}>`;
  if (Array.isArray(value)) {
    const items = value.map((item) => comparable(item, origin, field));
    return SETS.has(field) ? items.map((item) => JSON.stringify(item)).sort() : items;
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, comparable(item, origin, name)]),
    );
  }
  if (typeof value === "number") return GENERATED_NUMBERS.has(field) ? "<number>" : value;
  if (typeof value !== "string") return value;
  if (field === "scope") return value.split(" ").sort().join(" ");
  let text = value.replaceAll(origin, "<origin>").replaceAll("http://127.0.0.1:9000", "<origin>");
  for (const [pattern, replacement] of GENERATED_TEXTS) text = text.replace(pattern, replacement);
  return text;
}
