import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { TestContext } from "node:test";
import { z } from "zod";
import { type LocalServer, serve } from "./http/server";

const exchange = z.object({ method: z.string(), status: z.int(), reason: z.string(), body: z.string() });

export type RecordedFailure = z.output<typeof exchange>;

const recorded = z
  .record(z.string(), exchange)
  .parse(JSON.parse(readFileSync(resolve(__dirname, "../../recordings/failures.json"), "utf8")));

/** The answer of a real server (see test/recordings/extract.mjs). */
export function recordedFailure(name: string): RecordedFailure {
  const failure = recorded[name];
  if (failure === undefined) throw new Error(`There is no recording of "${name}".`);
  return failure;
}

/** A server that gives this answer to every request. */
export function serveFailure(
  context: TestContext,
  failure: Omit<RecordedFailure, "method">,
): Promise<LocalServer> {
  const contentType = failure.body.startsWith("<") ? "text/html; charset=utf-8" : "application/json";
  return serve(context, (_request, response) => {
    response.writeHead(failure.status, failure.reason, { "Content-Type": contentType }).end(failure.body);
  });
}

export function errorOf(call: Promise<unknown>): Promise<Error> {
  return call.then(
    () => Promise.reject(new Error("It did not fail.")),
    (error: Error) => error,
  );
}
