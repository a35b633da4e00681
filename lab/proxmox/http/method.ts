import type { Permissions } from "../access/permissions";
import type { Node } from "../node";
import type { Caller } from "./authenticate";
import type { Parameters, Schema } from "./schema";

export interface Call {
  node: Node;
  caller: Caller;
  permissions: Permissions;
  parameters: Parameters;
}

export interface Method {
  verb: "GET" | "POST" | "PUT" | "DELETE";
  /** Parameters in the path are written as `{name}`. */
  path: string;
  parameters: Schema;
  /** Requires no authentication. */
  isPublic?: true;
  /** Refuses API tokens. */
  needsTicket?: true;
  /** Prefix of the message of a failed write. */
  failure?: string;
  /** Throws if the caller lacks a privilege. Runs before the parameters are verified. */
  authorize?: (call: Call) => void;
  run: (call: Call) => unknown;
}

/** Finds a method by verb and path. As on a real node, path parameters are bytes, not UTF-8. */
export function findMethod(
  methods: Method[],
  verb: string,
  segments: string[],
): { method: Method; pathParameters: Record<string, string> } | undefined {
  for (const method of methods) {
    if (method.verb !== verb) continue;
    const pathParameters = matchPath(method.path.split("/").slice(1), segments);
    if (pathParameters !== undefined) return { method, pathParameters };
  }
  return undefined;
}

function matchPath(pattern: string[], segments: string[]): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? "";
    const name = /^\{(.+)\}$/.exec(part)?.[1];
    if (name !== undefined) parameters[name] = latin1Of(segment);
    else if (part !== segment) return undefined;
  }
  return parameters;
}

/** The bytes of a percent-encoded path as characters, as Perl reads them. */
function latin1Of(segment: string): string {
  return segment.replace(/%([0-9a-f]{2})/gi, (_match, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
