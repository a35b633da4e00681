import type { Node } from "./node";
import type { Parameters, Schema } from "./schema";

export interface Call {
  readonly node: Node;
  /** `name@realm`, or `name@realm!token`. Empty for methods without authentication. */
  readonly caller: string;
  /** Includes the parameters in the path. */
  readonly parameters: Parameters;
}

export interface Answer {
  readonly data: unknown;
  /** Digest of the file that contains the data. */
  readonly digest?: string;
  /** A login has another form of answer, and can set a cookie. */
  readonly login?: { readonly cookie?: string };
}

export interface Method {
  readonly verb: "GET" | "POST" | "PUT" | "DELETE";
  /** Parameters in the path are written as `{name}`. */
  readonly path: string;
  readonly parameters: Schema;
  readonly isPublic?: true;
  /** Whether the privileged daemon runs the method. */
  readonly needsDaemon?: true;
  /** Runs before the parameters are verified, except those in the path. */
  authorize?(call: Call): void;
  run(call: Call): Answer | Promise<Answer>;
}

export const nothing: Answer = { data: null };

const safeId = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;
const noControls = /^\P{Cc}*$/u;

/** Forms of parameters that several methods share. */
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
