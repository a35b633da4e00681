import { type Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Answer } from "./exchange";

export interface Sent {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string | undefined;
}

const timeoutMilliseconds = 40_000;

/** Sends exactly its input: a recorded path or Host header must reach the simulator unchanged. */
export function send(origin: string, sent: Sent, agent: Agent | undefined): Promise<Answer> {
  const { hostname, port, protocol } = new URL(origin);
  const request = protocol === "https:" ? httpsRequest : httpRequest;
  const { method, path, headers, body } = sent;
  const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        hostname,
        port,
        method,
        path,
        headers: { ...headers, ...length },
        agent,
        timeout: timeoutMilliseconds,
      },
      (response) => answerOf(response).then(resolve, reject),
    );
    outgoing.on("timeout", () => outgoing.destroy(new Error(`No answer to ${method} ${path}.`)));
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

export function answerOf(response: IncomingMessage): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    response.on("data", (chunk: Buffer) => chunks.push(chunk));
    response.on("error", reject);
    response.on("end", () =>
      resolve({
        status: response.statusCode ?? 0,
        reason: Buffer.from(response.statusMessage ?? "", "latin1").toString(),
        headers: headersOf(response.headersDistinct),
        body: parse(Buffer.concat(chunks).toString()),
      }),
    );
  });
}

function headersOf(headers: NodeJS.Dict<string[]>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, values]) => [name, values?.join("\n") ?? ""]),
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
