import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import Docker from "dockerode";

const run = promisify(execFile);
const limitMs = 60_000;

/**
 * Processes, mounts and network of a node are in namespaces that end with its first process. That process ends with
 * this one, even if this one is killed. The images are in memory. Nothing of a node outlives the test.
 */
const isolated = ["--pdeathsig", "KILL", "unshare", "--net", "--pid", "--mount", "--fork", "--kill-child"];

/** `$1` is the node's folder. The pools differ from the host's networks, where the database is. */
const nodeScript = `set -e
mkdir -p /var/lib/docker
mount -t tmpfs -o size=3g tmpfs /var/lib/docker
mount -t tmpfs tmpfs /run
# Nothing answers there: no lookup waits for a server that the node cannot reach.
echo "nameserver 127.0.0.1" >/run/resolv.conf
mount --bind /run/resolv.conf /etc/resolv.conf
ip link set lo up
exec dockerd --data-root /var/lib/docker --exec-root /run/docker --pidfile /run/docker.pid \
  -H "unix://$1/docker.sock" --bridge none --default-address-pool base=10.214.0.0/16,size=24 \
  --cgroup-parent "/$2" --log-level error >"$1/log" 2>&1`;

const switchScript =
  "ip link set lo up; ip link add br0 type bridge; ip link set br0 up; exec sleep infinity";

/** The node's port of the switch. */
function portOf(index: number): string {
  return `to-${index}`;
}

/** A node: a real Docker Engine with its own network address. */
export interface SwarmNode {
  readonly name: string;
  readonly address: string;
  readonly socket: string;
  readonly docker: Docker;
}

/** Docker Engines of this machine: one manager and its workers, and one outside of the swarm for the database. */
export class Nodes {
  readonly #processes: ChildProcess[] = [];
  readonly #inside = new Map<string, number>();
  readonly #engines: SwarmNode[] = [];

  private constructor(
    readonly folder: string,
    /** Third number of the addresses, so that two tests can run at the same time. */
    private readonly octet: number,
  ) {}

  static async start(workers: number): Promise<Nodes> {
    const folder = await mkdtemp(join(tmpdir(), "swarm-"));
    const nodes = new Nodes(folder, 1 + (process.pid % 250));
    try {
      const names = Array.from({ length: workers }, (_, index) => `worker${index + 1}`);
      await nodes.#wire(["outside", "manager", ...names]);
      await nodes.#join();
    } catch (error) {
      await nodes.stop();
      throw error;
    }
    return nodes;
  }

  /** The nodes of the swarm, the manager first. */
  get all(): readonly SwarmNode[] {
    return this.#engines.slice(1);
  }

  get manager(): SwarmNode {
    return this.#engine(1);
  }

  get outside(): SwarmNode {
    return this.#engine(0);
  }

  /** The address of this machine for the nodes. */
  get host(): string {
    return `10.213.${this.octet}.1`;
  }

  /** Cuts a node's network off, or connects it again. */
  async setConnected(node: SwarmNode, connected: boolean): Promise<void> {
    const state = connected ? "up" : "down";
    await this.#ip("switch", "link", "set", portOf(this.#engines.indexOf(node)), state);
  }

  async stop(): Promise<void> {
    for (const child of this.#processes) child.kill("SIGKILL");
    await Promise.all(
      this.#processes.map((child) => (child.exitCode ?? child.signalCode) || once(child, "exit")),
    );
    await rm(this.folder, { recursive: true, force: true });
    await this.#removeControlGroups();
  }

  /** The network: a bridge in a namespace, connected to this machine and to each node. */
  async #wire(names: readonly string[]): Promise<void> {
    await this.#spawn("switch", ["sh", "-c", switchScript]);
    const outside = `swarm${this.octet}`;
    await run("ip", [
      "link",
      "add",
      outside,
      "type",
      "veth",
      "peer",
      "name",
      "host",
      "netns",
      this.#pid("switch"),
    ]);
    await run("ip", ["addr", "add", `${this.host}/24`, "dev", outside]);
    await run("ip", ["link", "set", outside, "up"]);
    await this.#ip("switch", "link", "set", "host", "master", "br0", "up");
    for (const [index, name] of names.entries()) {
      const folder = join(this.folder, name);
      const address = `10.213.${this.octet}.${index + 11}`;
      const socket = join(folder, "docker.sock");
      await mkdir(folder);
      await this.#spawn(name, ["sh", "-c", nodeScript, "sh", folder, this.#group]);
      const port = portOf(index);
      const pair = ["link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", this.#pid(name)];
      await this.#ip("switch", ...pair);
      await this.#ip("switch", "link", "set", port, "master", "br0", "up");
      await this.#ip(name, "addr", "add", `${address}/24`, "dev", "eth0");
      await this.#ip(name, "link", "set", "eth0", "up");
      await this.#ip(name, "route", "add", "default", "via", this.host);
      this.#engines.push({ name, address, socket, docker: new Docker({ socketPath: socket }) });
    }
  }

  async #join(): Promise<void> {
    await Promise.all(this.#engines.map(({ name, docker }) => this.#answers(name, docker)));
    const { docker, address } = this.manager;
    await docker.swarmInit({
      ListenAddr: `${address}:2377`,
      AdvertiseAddr: address,
      DefaultAddrPool: ["10.215.0.0/16"],
      SubnetSize: 24,
    });
    const { JoinTokens } = await docker.swarmInspect();
    for (const node of this.all.slice(1)) {
      await node.docker.swarmJoin({
        ListenAddr: `${node.address}:2377`,
        AdvertiseAddr: node.address,
        RemoteAddrs: [`${address}:2377`],
        JoinToken: JoinTokens.Worker,
      });
    }
  }

  async #answers(name: string, docker: Docker): Promise<void> {
    const deadline = Date.now() + limitMs;
    for (;;) {
      try {
        await docker.ping();
        return;
      } catch (error) {
        if (Date.now() > deadline) {
          const log = await readFile(join(this.folder, name, "log"), "utf8").catch(() => "");
          throw new Error(`The Docker Engine of ${name} does not answer: ${log}`, { cause: error });
        }
        await sleep(100);
      }
    }
  }

  get #group(): string {
    return `swarm-test-${this.octet}`;
  }

  /** Starts a process in its own namespaces, and finds its id outside of them. */
  async #spawn(name: string, command: readonly string[]): Promise<void> {
    const child = spawn("setpriv", [...isolated, "--mount-proc", ...command], { stdio: "ignore" });
    this.#processes.push(child);
    const deadline = Date.now() + limitMs;
    for (;;) {
      const children = await readFile(`/proc/${child.pid}/task/${child.pid}/children`, "utf8").catch(
        () => "",
      );
      const inside = Number(children);
      // Before the fork, `setpriv` has become `unshare`, and the namespaces exist.
      if (inside > 0) return void this.#inside.set(name, inside);
      if (child.exitCode !== null || Date.now() > deadline) {
        throw new Error(`No namespaces for ${name}: the test needs root and the programs of util-linux.`);
      }
      await sleep(20);
    }
  }

  #engine(index: number): SwarmNode {
    const engine = this.#engines[index];
    if (engine === undefined) throw new Error("The swarm has not started.");
    return engine;
  }

  #pid(name: string): string {
    return String(this.#inside.get(name));
  }

  async #ip(name: string, ...args: string[]): Promise<void> {
    await run("nsenter", ["-t", this.#pid(name), "-n", "ip", ...args]);
  }

  /** Empty directories of the kernel, which remain for a moment longer than the processes. */
  async #removeControlGroups(): Promise<void> {
    const group = ["-type", "d", "-path", `*/${this.#group}*`];
    const find = ["/sys/fs/cgroup", "-depth", ...group];
    for (let tries = 0; tries < 20; tries++) {
      const { stdout } = await run("find", find);
      if (stdout === "") return;
      for (const path of stdout.trim().split("\n")) await rmdir(path).catch(() => {});
      await sleep(100);
    }
  }
}
