/** Values that differ between two servers by nature. Those that name something stand for the same each time. */
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

/** Cuts a text into what must be equal and what differs by nature. */
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

/** A recorded text as a pattern that captures what stands for each token in another server's text. */
export function patternOf(tokens: (string | Token)[]): RegExp {
  const parts = tokens.map((token) => {
    if (typeof token === "string") return token.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
    if (token.kind === "placeholder") return "([\\s\\S]+?)";
    return `(${kinds.find(({ name }) => name === token.kind)?.pattern.source})`;
  });
  return new RegExp(`^${parts.join("")}$`);
}

/** Proxmox's nonce, which authentik gives back in a field of its own. */
export const randomNonce = /^[\w-]{22}$/;

/** What a placeholder says of the value that it stands for. */
export function fitsPlaceholder(placeholder: string, value: string): boolean {
  if (/ PEM, /.test(placeholder)) return value.startsWith("-----BEGIN ");
  if (/^<(id_token|access_token|jwt)\b/.test(placeholder)) return /^[\w-]+(\.[\w-]*){2,4}$/.test(value);
  const length = /^<(?:generated client_secret|token|service account token), (\d+) chars/.exec(
    placeholder,
  )?.[1];
  return length === undefined || value.length === Number(length);
}

/** Fields whose whole value differs, whatever it looks like. */
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

/** Those of them that are as long in each key: of RSA keys ours have fewer bits. */
export const fixedLengthFields = new Set(["kid", "x", "y", "x5t", "x5t#S256", "request_id"]);

export const timeFields = new Set(["exp", "iat", "auth_time"]);

/** Integer keys, by the kind of object that they name. */
export function numberedKind(field: string, parent: Record<string, unknown>): string | undefined {
  if (field === "provider" || field === "providers") return "provider";
  if (["user", "users", "user_pk", "user_id"].includes(field)) return "user";
  if (field === "num_pk") return "group number";
  if (field !== "pk") return undefined;
  // `add_user` of a group names the user by its key alone.
  if ("username" in parent || Object.keys(parent).length === 1) return "user";
  return "authorization_flow" in parent ? "provider" : undefined;
}
