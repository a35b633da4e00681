import type { Node } from "./node";
import type { Parameters, Schema } from "./schema";

export interface Call {
  readonly node: Node;
  /** `name@realm`, or `name@realm!token`; empty where nobody has to say who calls. */
  readonly caller: string;
  /** Those in the path, too. */
  readonly parameters: Parameters;
}

export interface Answer {
  readonly data: unknown;
  /** Of the file that the data is from. */
  readonly digest?: string;
  /** The answer to a login has another form, and perhaps a cookie. */
  readonly login?: { readonly cookie?: string };
}

export interface Method {
  readonly verb: "GET" | "POST" | "PUT" | "DELETE";
  /** With `{name}` for parameters in the path. */
  readonly path: string;
  readonly parameters: Schema;
  readonly isPublic?: true;
  /** Done by the daemon that works as root. */
  readonly needsDaemon?: true;
  /** Before the parameters are looked at, besides those in the path. */
  authorize?(call: Call): void;
  run(call: Call): Answer | Promise<Answer>;
}

export const nothing: Answer = { data: null };

const safeId = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;
const noControls = /^\P{Cc}*$/u;

/** The forms of parameters that several methods have. */
export const forms = {
  realm: { isRequired: true, minLength: 2, maxLength: 32, pattern: safeId },
  userid: {
    isRequired: true,
    minLength: 3,
    maxLength: 64,
    pattern: /^[^\s:/\p{Cc}]+@[A-Za-z0-9_][A-Za-z0-9._-]*$/u,
  },
  safeId: { pattern: safeId },
  comment: { maxLength: 128, pattern: noControls },
  noControls: { pattern: noControls },
  digest: { pattern: /^[a-f0-9]{64}$/ },
  flag: { type: "boolean" },
  names: { items: { pattern: safeId } },
} as const;
