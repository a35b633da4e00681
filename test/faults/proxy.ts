import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from "node:http";
import {
  createServer as createSecureServer,
  Server as SecureServer,
  request as secureRequest,
} from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import type { SecureContextOptions } from "node:tls";

export interface Answer {
  status: number;
  reason?: string | undefined;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** A request to a server, which a fault can change. */
export interface Exchange {
  readonly proxy: FaultyProxy;
  readonly method: string;
  readonly path: string;
  /** Forwards the request. Returns the server's answer. */
  forward(): Promise<Answer>;
  reply(answer: Answer): void;
  /** Sends only the start of the answer. */
  replyHalf(answer: Answer): void;
  /** Closes the connection like a crash. */
  cut(): void;
}

export interface Target {
  readonly url: string;
  /** The certificate with which the proxy uses TLS, and the PEM of the server's CA if the server uses TLS, too. */
  readonly tls?: { ca?: string; certificate: string; privateKey: string };
  /** Headers that the proxy adds. A test can change them. */
  readonly headers?: Record<string, string>;
}

export type Handler = (exchange: Exchange) => Promise<void>;

/** A proxy for one server at a fixed address. The handler decides about each request. */
export class FaultyProxy {
  readonly #target: Target;
  readonly #handle: Handler;
  readonly #sockets = new Set<Socket>();
  #server: Server;
  #port = 0;

  private constructor(target: Target, handle: Handler) {
    this.#target = target;
    this.#handle = handle;
    this.#server = this.#newServer();
  }

  static async start(target: Target, handle: Handler): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(target, handle);
    await proxy.#listen();
    return proxy;
  }

  get url(): string {
    return `${this.#target.tls ? "https" : "http"}://127.0.0.1:${this.#port}`;
  }

  /** Stops listening and closes all connections. */
  async goDown(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.cutAll();
    await closed;
  }

  async comeBack(): Promise<void> {
    if (this.#server.listening) return;
    this.#server = this.#newServer();
    await this.#listen();
  }

  async refuseFor(milliseconds: number): Promise<void> {
    await this.goDown();
    await sleep(milliseconds);
    await this.comeBack();
  }

  /** Uses TLS in another way for new connections. */
  secureBy(options: SecureContextOptions): void {
    if (!(this.#server instanceof SecureServer)) throw new Error("This proxy uses no TLS.");
    this.#server.setSecureContext(options);
    this.cutAll();
  }

  cutAll(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  #newServer(): Server {
    const listener = (incoming: IncomingMessage, outgoing: ServerResponse) => {
      this.#exchange(incoming, outgoing).catch(() => outgoing.destroy());
    };
    const { tls } = this.#target;
    const server = tls
      ? createSecureServer({ cert: tls.certificate, key: tls.privateKey }, listener)
      : createServer(listener);
    server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
    return server;
  }

  async #listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(this.#port, "127.0.0.1", resolve);
    });
    const address: AddressInfo | string | null = this.#server.address();
    if (typeof address === "object" && address !== null) this.#port = address.port;
  }

  async #exchange(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await buffer(incoming);
    const { method = "GET", url: path = "/" } = incoming;
    const start = ({ status, reason, headers, body: whole }: Answer) => {
      const { "transfer-encoding": _, connection: __, ...kept } = headers;
      outgoing.writeHead(status, reason ?? "", { ...kept, "content-length": whole.length });
    };
    await this.#handle({
      proxy: this,
      method,
      path,
      forward: () => this.#forward(incoming, body),
      reply(answer) {
        start(answer);
        outgoing.end(answer.body);
      },
      replyHalf(answer) {
        start(answer);
        outgoing.write(answer.body.subarray(0, Math.floor(answer.body.length / 2)), () => outgoing.destroy());
      },
      cut: () => incoming.socket.resetAndDestroy(),
    });
  }

  #forward({ method, url, headers }: IncomingMessage, body: Buffer): Promise<Answer> {
    const { url: origin, tls, headers: added } = this.#target;
    const send = origin.startsWith("https:") ? secureRequest : request;
    return new Promise((resolve, reject) => {
      const { connection: _, ...kept } = headers;
      const forwarded = send(
        new URL(url ?? "/", origin),
        { method, headers: { ...kept, ...added }, ca: tls?.ca },
        async (answer) => {
          resolve({
            status: answer.statusCode ?? 0,
            reason: answer.statusMessage,
            headers: answer.headers,
            body: await buffer(answer),
          });
        },
      );
      forwarded.once("error", reject);
      forwarded.end(body);
    });
  }
}
