import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";

/** The way to a Docker Engine, on which a run can die at one of the requests that change something. */
export class DockerWire {
  /** `METHOD path` of each of those in the present run. */
  changes: string[] = [];
  /** Called when the run is to die. */
  onKill: () => void = () => {};
  #at = 0;
  #acts = false;
  readonly #server: Server;

  private constructor(readonly engine: string) {
    this.#server = createServer((incoming, outgoing) => this.#handle(incoming, outgoing));
  }

  /** @param engine the engine's socket, at another one */
  static async to(engine: string, path: string): Promise<DockerWire> {
    const wire = new DockerWire(engine);
    await new Promise<void>((resolve) => wire.#server.listen(path, resolve));
    return wire;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** From now on, until `mend`, the run dies at its k-th change, before or after the engine has made it. */
  breakAt(k: number, acts: boolean): void {
    this.mend();
    this.#at = k;
    this.#acts = acts;
  }

  mend(): void {
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
