import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { timeoutMilliseconds } from "../../../../providers/http/timeout";

export interface LocalServer {
  url: string;
  /** `METHOD path` of each request so far. */
  requests: string[];
}

/** An HTTP server for one test. */
export async function serve(
  context: TestContext,
  answer: (request: IncomingMessage, response: ServerResponse, count: number) => void,
  port = 0,
): Promise<LocalServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    answer(request, response, requests.length);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${portOf(server.address())}`, requests };
}

/** A port on which no program listens. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const port = portOf(server.address());
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function portOf(address: AddressInfo | string | null): number {
  if (typeof address !== "object" || address === null) throw new Error("The server does not listen.");
  return address.port;
}

/** Skips the pauses between retries, and records their lengths. */
export function skipPauses(
  context: TestContext,
  duringPause: (count: number) => Promise<void> = async () => {},
) {
  const pauses: number[] = [];
  const setTimeoutForReal = globalThis.setTimeout;
  context.mock.method(globalThis, "setTimeout", (callback: () => void, milliseconds: number) => {
    if (milliseconds === timeoutMilliseconds()) return setTimeoutForReal(callback, milliseconds);
    pauses.push(milliseconds);
    duringPause(pauses.length).then(() => setTimeoutForReal(callback, 0));
    return undefined;
  });
  return pauses;
}
