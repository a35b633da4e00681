import { connect, createServer, type Server, type Socket } from "node:net";

const checkEveryMs = 200;
const checkLimitMs = 3_000;

/** A node as the balancer sees it. */
interface Target {
  readonly host: string;
  isReady: boolean;
}

/**
 * A load balancer with health checks in front of the swarm, as HAProxy with a backup server: all connections go to
 * the first node whose server is ready. The simulator keeps a login in progress in memory, so one login needs one
 * server. The real authentik keeps it in the database.
 */
export class Balancer {
  readonly #targets: readonly Target[];
  readonly #checks: NodeJS.Timeout;
  #current: Target | undefined;
  readonly #servers: Server[] = [];
  readonly #open = new Set<Socket>();

  /** @param healthPort port of authentik's plain http on the nodes */
  constructor(
    hosts: readonly string[],
    private readonly healthPort: number,
  ) {
    this.#targets = hosts.map((host) => ({ host, isReady: false }));
    this.#checks = setInterval(() => this.#check(), checkEveryMs);
  }

  /** Listens on the loopback address for a port of the nodes. Returns the local port. */
  async listen(port: number): Promise<number> {
    const server = createServer({ allowHalfOpen: true }, (client) => this.#forward(client, port));
    this.#servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    return typeof address === "object" && address ? address.port : 0;
  }

  close(): void {
    clearInterval(this.#checks);
    for (const server of this.#servers) server.close();
    for (const socket of this.#open) socket.destroy();
  }

  #check(): void {
    for (const target of this.#targets) {
      const url = `http://${target.host}:${this.healthPort}/-/health/ready/`;
      fetch(url, { signal: AbortSignal.timeout(checkLimitMs), headers: { Connection: "close" } }).then(
        ({ ok }) => Object.assign(target, { isReady: ok }),
        // On a busy machine, an answer can come late. A connection that fails is tried on the next node.
        () => Object.assign(target, { isReady: false }),
      );
    }
  }

  #forward(client: Socket, port: number): void {
    this.#keep(client);
    // It stays with a server while it is ready: a change back would interrupt logins again.
    if (!this.#current?.isReady) this.#current = this.#targets.find(({ isReady }) => isReady);
    const first = this.#current ? [this.#current] : [];
    this.#tryEach(client, port, [...first, ...this.#targets.filter((target) => target !== this.#current)]);
  }

  #tryEach(client: Socket, port: number, [target, ...others]: readonly Target[]): void {
    if (target === undefined || client.destroyed) return void client.destroy();
    const server = connect({ port, host: target.host, allowHalfOpen: true });
    this.#keep(server);
    server.setTimeout(checkLimitMs, () => server.destroy(new Error("no answer")));
    let isConnected = false;
    server.once("connect", () => {
      isConnected = true;
      server.setTimeout(0);
      client.once("close", () => server.destroy());
      // An end is passed on by the pipes, after all data.
      client.pipe(server).pipe(client);
    });
    server.once("error", () => (isConnected ? client.destroy() : this.#tryEach(client, port, others)));
  }

  #keep(socket: Socket): void {
    this.#open.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => this.#open.delete(socket));
  }
}
