import type { AxiosResponse } from "axios";

/** Headers that identify who sent an answer, or what it requires. Messages list them in this order. */
const headersOfSenders = [
  "server",
  "via",
  "www-authenticate",
  "proxy-authenticate",
  "cf-ray",
  "cf-mitigated",
  "retry-after",
];
/** Headers that many servers send and that identify nobody. */
const silent =
  /^x-(content-type-options|frame-options|xss-protection|robots-tag|ua-compatible|download-options|permitted-cross-domain-policies|dns-prefetch-control|forwarded-.*|ratelimit-.*|rate-limit-.*)$/;
const secret = /token|secret|key|cookie|session|auth-/;
const mostOthers = 3;
const longestValue = 80;

/** Who sent an answer, according to its headers and body: `Server: nginx; page "404 Not Found"`. */
export function describeSender({ headers, data }: AxiosResponse<unknown>): string {
  const others = Object.keys(headers)
    .filter((name) => name.startsWith("x-") && !silent.test(name) && !secret.test(name))
    .slice(0, mostOthers);
  const named = [...headersOfSenders, ...others]
    .filter((name) => headers[name] !== undefined)
    .map((name) => `${titleCased(name)}: ${shortened(String(headers[name]))}`);
  return [...named, describeBody(data)].join("; ");
}

/** `(Server: nginx)`, or empty if no header identifies the sender. */
export function senderInBrackets(response: AxiosResponse<unknown>): string {
  const { server, via } = response.headers;
  return server === undefined && via === undefined ? "" : ` (${describeSender(response)})`;
}

function describeBody(data: unknown): string {
  if (typeof data === "object" && data !== null) return `JSON ${quoted(JSON.stringify(data))}`;
  const text = String(data ?? "").trim();
  if (text === "") return "an empty body";
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(text)?.[1]?.trim();
  if (title) return `page ${quoted(title)}`;
  const words = text.replace(/<(script|style)[\s\S]*?<\/\1>|<[^>]*>/gi, " ").trim();
  return words === "" ? "an empty page" : `text ${quoted(words)}`;
}

function quoted(text: string): string {
  return `"${shortened(text)}"`;
}

function shortened(text: string): string {
  const line = text.replace(/[\p{Cc}\s]+/gu, " ").trim();
  return line.length > longestValue ? `${line.slice(0, longestValue)}…` : line;
}

/** The usual spelling of a header: `cf-ray` is `CF-Ray`, `via` is `Via`. */
function titleCased(name: string): string {
  return name
    .split("-")
    .map((part) =>
      ["cf", "id", "ip"].includes(part) ? part.toUpperCase() : part[0]?.toUpperCase() + part.slice(1),
    )
    .join("-")
    .replace("Www-", "WWW-");
}
