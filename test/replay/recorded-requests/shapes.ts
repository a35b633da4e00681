import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";

/** Accepted requests to real servers, by `METHOD path`. test/recordings/extract.mjs creates the file. */
const shapes = z
  .record(
    z.enum(["authentik", "proxmox"]),
    z.record(
      z.string(),
      z.object({ query: z.array(z.string()), body: z.record(z.string(), z.array(z.string())) }),
    ),
  )
  .parse(JSON.parse(readFileSync(resolve(__dirname, "../../recordings/shapes.json"), "utf8")));

/** Sent by Proxmox itself, not by the program. */
const askedByProxmox = /^\/application\/o\/(token|userinfo)\//;

const anyKey = /[0-9a-f]{8}-[0-9a-f-]{27}/g;

export type System = keyof typeof shapes;

export interface SentRequest {
  method: string;
  path: string;
  body: string;
}

/** The parts of a request that no recording has. */
export function differencesFromRecorded(system: System, { method, path, body }: SentRequest): string[] {
  const { pathname, searchParams } = new URL(path, "http://server");
  if (askedByProxmox.test(pathname)) return [];
  const call = callOf(system, `${method} ${pathname}`);
  const shape = call === undefined ? undefined : shapes[system][call];
  if (shape === undefined) return [`${system} ${method} ${pathname.replace(anyKey, "*")}`];
  const query = [...searchParams.keys()].filter((key) => !shape.query.includes(key));
  const unknownKeys = Object.entries(bodyOf(system, body)).filter(
    ([key, type]) => !shape.body[key]?.includes(type),
  );
  return [
    ...query.map((key) => `${system} ${call} ?${key}`),
    ...unknownKeys.map(([key, type]) => `${system} ${call} ${key}: ${type}`),
  ];
}

/** The recorded call that matches: the same, or one about another object. */
function callOf(system: System, request: string): string | undefined {
  const calls = Object.keys(shapes[system]);
  return calls.find((call) => call === request) ?? calls.find((call) => patternOf(call).test(request));
}

/** `*` stands for the part of a path that names an object. */
function patternOf(call: string): RegExp {
  const escaped = call.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", "[^/]+")}$`);
}

/** The body's keys, with their types on the wire. */
function bodyOf(system: System, body: string): Record<string, string> {
  if (system === "proxmox" || !body.startsWith("{")) {
    return Object.fromEntries([...new URLSearchParams(body).keys()].map((key) => [key, "form"]));
  }
  const typeOf = (value: unknown) =>
    value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
  return Object.fromEntries(Object.entries(JSON.parse(body)).map(([key, value]) => [key, typeOf(value)]));
}
