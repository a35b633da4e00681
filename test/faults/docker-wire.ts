import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";

/** A connection to a Docker Engine. A run can be killed at each request that changes something. */
export class DockerWire {
  /** `METHOD path` of these requests in the current run. */
  changes: string[] = [];
  /** Called when the run must be killed. */
  onKill: () => void = () => {};
  #at = 0;
  #acts = false;
  readonly #server: Server;

  private constructor(readonly engine: string) {
    this.#server = createServer((incoming, outgoing) => this.#handle(incoming, outgoing));
  }

  /**
   * @param engine the engine's socket
   * @param path of the new socket
   */
  static async to(engine: string, path: string): Promise<DockerWire> {
    const wire = new DockerWire(engine);
    await new Promise<void>((resolve) => wire.#server.listen(path, resolve));
    return wire;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Until `repair`, kills the run at its k-th change, before or after the engine makes the change. */
  breakAt(k: number, acts: boolean): void {
    this.repair();
    this.#at = k;
    this.#acts = acts;
  }

  repair(): void {
    this.#at = 0;
    this.changes = [];
  }

  #handle(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method = "GET", url: path = "", headers } = incoming;
    const dies = this.#isChange(method, path) && this.changes.push(`${method} ${path}`) === this.#at;
    const die = () => {
      this.onKill();
      incoming.socket.destroy();
    };
    if (dies && !this.#acts) {
      die();
      return;
    }
    const forwarded = request({ socketPath: this.engine, method, path, headers }, (answer) => {
      if (dies) {
        die();
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(outgoing);
    });
    forwarded.once("error", () => outgoing.destroy());
    outgoing.once("close", () => forwarded.destroy());
    incoming.pipe(forwarded);
  }

  #isChange(method: string, path: string): boolean {
    return ["POST", "PUT", "DELETE"].includes(method) && !/\/wait(\?|$)/.test(path);
  }
}
