import type { Document, Json } from "../store/store";
import type { Context } from "./kind";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** A URL of the API below /api/v3/, with a handler for each method. */
export interface Endpoint {
  path: string;
  /** Who may call it, apart from superusers. */
  access?: "anonymous" | "user";
  /** Permission with which ordinary users may use a method. */
  permissions?: Partial<Record<Method, string>>;
  methods: Partial<Record<Method, Handler>>;
  /** Methods that only the real server has. */
  notSimulated?: Method[];
}

export interface Call {
  context: Context;
  parameters: Record<string, string>;
  body: Json;
}

export interface Answer {
  status: number;
  body?: Json | undefined;
  headers?: Record<string, string>;
}

export type Handler = (call: Call) => Promise<Answer>;

export function ok(body: Json | Document): Answer {
  return { status: 200, body };
}

export const NO_CONTENT: Answer = { status: 204 };

export function parameter(call: Call, name: string): string {
  return call.parameters[name] ?? "";
}
