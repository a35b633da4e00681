import { type IncomingMessage, request, type ServerResponse } from "node:http";
import { createServer } from "node:https";
import { issueCertificate, type NodeCertificate } from "../../../lab/proxmox/certificate";
import type { Answer } from "../exchange";
import { answerOf } from "../http";

/** How the proxy in front of authentik handles a request. */
export type FrontMode = "as it should" | "without X-Forwarded-Proto" | "502" | "slow token" | "silent";

/** Longer than the lifetime of the tokens in that case. */
const slowMilliseconds = 2100;

/** A request and its answer, if any. */
export interface Asked {
  method: string;
  path: string;
  headers: IncomingMessage["headers"];
  body: string;
  answer: Answer | undefined;
}

/** The proxy with TLS in front of authentik when the joint logins were recorded. */
export class Front {
  port = 0;
  /** Runs once, before the next request for a token is forwarded. */
  beforeToken: (() => Promise<void>) | undefined;
  private mode: FrontMode = "as it should";
  private asked: Asked[] = [];
  private readonly unanswered = new Set<ServerResponse>();

  private constructor(
    private readonly authentikUrl: string,
    readonly pair: NodeCertificate,
  ) {}

  static async start(authentikUrl: string, pair = issueCertificate(["auth.rig.test"])): Promise<Front> {
    const front = new Front(authentikUrl, pair);
    await front.listen();
    return front;
  }

  private readonly server = createServer((incoming, outgoing) => this.pass(incoming, outgoing));

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  /** Clients that still wait for an answer get none. */
  setMode(mode: FrontMode): void {
    this.mode = mode;
    for (const outgoing of this.unanswered) outgoing.destroy();
    this.unanswered.clear();
  }

  /** The requests since the last call. */
  takeAsked(): Asked[] {
    const { asked } = this;
    this.asked = [];
    return asked;
  }

  private async listen(): Promise<void> {
    this.server.setSecureContext({ key: this.pair.keyPem, cert: this.pair.certPem });
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    const address = this.server.address();
    this.port = typeof address === "object" && address !== null ? address.port : 0;
  }

  private pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method = "", url: path = "", headers } = incoming;
    const asked: Asked = { method, path, headers, body: "", answer: undefined };
    this.asked.push(asked);
    if (this.mode === "silent") this.unanswered.add(outgoing);
    else if (this.mode === "502") refuse(outgoing, asked);
    else void this.passOn(incoming, outgoing, asked);
  }

  private async passOn(incoming: IncomingMessage, outgoing: ServerResponse, asked: Asked): Promise<void> {
    const { hostname, port } = new URL(this.authentikUrl);
    const { method, url: path } = incoming;
    const proto = this.mode === "without X-Forwarded-Proto" ? {} : { "x-forwarded-proto": "https" };
    const headers = { ...incoming.headers, ...proto };
    const isToken = path?.endsWith("/token/");
    const isSlow = this.mode === "slow token" && isToken;
    const upstream = request({ hostname, port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      setTimeout(
        () => {
          void keep(asked, answer);
          answer.pipe(outgoing);
        },
        isSlow ? slowMilliseconds : 0,
      );
    });
    upstream.on("error", () => refuse(outgoing, asked));
    if (isToken) {
      const before = this.beforeToken;
      this.beforeToken = undefined;
      await before?.();
    }
    incoming.on("data", (chunk: Buffer) => {
      asked.body += chunk;
    });
    incoming.pipe(upstream);
  }
}

async function keep(asked: Asked, answer: IncomingMessage): Promise<void> {
  try {
    asked.answer = await answerOf(answer);
  } catch {
    // A request that is cut off is not counted.
  }
}

function refuse(outgoing: ServerResponse, asked: Asked): void {
  asked.answer = { status: 502, reason: "Bad Gateway", headers: {}, body: "" };
  outgoing.writeHead(502, { "content-type": "text/plain" }).end("bad gateway");
}
