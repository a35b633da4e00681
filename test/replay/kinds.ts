/** Values that always differ between two servers. A name stands for the same value each time. */
interface Kind {
  name: string;
  pattern: RegExp;
  isName: boolean;
}

const kinds: Kind[] = [
  { name: "placeholder", pattern: /<[A-Za-z][^<>]*>/, isName: false },
  { name: "pem", pattern: /-----BEGIN [A-Z ]+-----[\s\S]+?-----END [A-Z ]+-----\n?/, isName: false },
  { name: "avatar", pattern: /data:image\/[^"]+/, isName: false },
  { name: "uuid", pattern: /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/, isName: true },
  { name: "time", pattern: /\d{4}-\d\d-\d\dT[\d:.]+Z/, isName: false },
  { name: "day and time", pattern: /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? UTC/, isName: false },
  { name: "cookie date", pattern: /\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT/, isName: false },
  { name: "fingerprint", pattern: /(?:[0-9a-f]{2}:){19,}[0-9a-f]{2}/, isName: true },
  { name: "secret", pattern: /\b[A-Za-z0-9]{128}\b/, isName: true },
  { name: "subject", pattern: /\b[0-9a-f]{64}\b/, isName: true },
  { name: "id", pattern: /\b[A-Za-z0-9]{40}\b/, isName: true },
  { name: "csrf", pattern: /(?<=csrf_token(?:%(?:25)*(?:22|3A)|["\\:])+)[\w-]{22}/, isName: true },
  {
    name: "challenge",
    pattern: /(?<=(?:nonce|code_challenge)(?:=|%(?:25)*3D))[\w-]{22,43}(?![\w-])/,
    isName: false,
  },
  { name: "code", pattern: /\b[0-9a-f]{32}\b/, isName: true },
];

export interface Token {
  kind: string;
  isName: boolean;
  text: string;
}

const anyKind = new RegExp(kinds.map(({ pattern }) => `(${pattern.source})`).join("|"), "g");

/** Splits a text into parts that must be equal and parts that always differ. */
export function tokensOf(text: string): (string | Token)[] {
  const tokens: (string | Token)[] = [];
  let end = 0;
  for (const match of text.matchAll(anyKind)) {
    const kind = kinds[match.slice(1).findIndex((group) => group !== undefined)];
    if (kind === undefined) continue;
    tokens.push(text.slice(end, match.index), { kind: kind.name, isName: kind.isName, text: match[0] });
    end = match.index + match[0].length;
  }
  return [...tokens, text.slice(end)];
}

/**
 * Converts a recorded text into a pattern that captures the values for its tokens from another server's
 * text.
 */
export function patternOf(tokens: (string | Token)[]): RegExp {
  const parts = tokens.map((token) => {
    if (typeof token === "string") return token.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
    if (token.kind === "placeholder") return "([\\s\\S]+?)";
    return `(${kinds.find(({ name }) => name === token.kind)?.pattern.source})`;
  });
  return new RegExp(`^${parts.join("")}$`);
}

/** Proxmox's nonce, which authentik returns in a separate field. */
export const randomNonce = /^[\w-]{22}$/;

/** The meaning of a placeholder. */
export function fitsPlaceholder(placeholder: string, value: string): boolean {
  if (/ PEM, /.test(placeholder)) return value.startsWith("-----BEGIN ");
  if (/^<(id_token|access_token|jwt)\b/.test(placeholder)) return /^[\w-]+(\.[\w-]*){2,4}$/.test(value);
  const length = /^<(?:generated client_secret|token|service account token), (\d+) chars/.exec(
    placeholder,
  )?.[1];
  return length === undefined || value.length === Number(length);
}

/** Fields that always differ as a whole. */
export const generatedFields = new Set([
  "sentry_dsn",
  "kid",
  "n",
  "x",
  "y",
  "x5c",
  "x5t",
  "x5t#S256",
  "request_id",
]);

/** Those with the same length in each key: our RSA keys have fewer bits. */
export const fixedLengthFields = new Set(["kid", "x", "y", "x5t", "x5t#S256", "request_id"]);

export const timeFields = new Set(["exp", "iat", "auth_time"]);

/** Integer keys, by the kind of their object. */
export function numberedKind(field: string, parent: Record<string, unknown>): string | undefined {
  if (field === "provider" || field === "providers") return "provider";
  if (["user", "users", "user_pk", "user_id"].includes(field)) return "user";
  if (field === "num_pk") return "group number";
  if (field !== "pk") return undefined;
  // `add_user` of a group names the user only by its key.
  if ("username" in parent || Object.keys(parent).length === 1) return "user";
  return "authorization_flow" in parent ? "provider" : undefined;
}
