import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { projectRoot } from "../../../cli/paths";
import { freePort } from "../../tools/free-port";
import { haproxy, requireProgram } from "../../tools/test-programs";
import type { Nodes } from "./nodes";

const patienceMs = 10_000;
const example = join(projectRoot, "examples", "config", "swarm", "haproxy.cfg");

/** The real HAProxy with the example's configuration, in which only the addresses are others. */
export class Balancer {
  private constructor(
    private readonly process: ChildProcess,
    readonly httpPort: number,
    readonly httpsPort: number,
  ) {}

  static async start(nodes: Nodes): Promise<Balancer> {
    const [httpPort, httpsPort] = [await freePort(), await freePort()];
    const file = join(nodes.folder, "haproxy.cfg");
    await writeFile(file, configuration(await readFile(example, "utf8"), nodes, { httpPort, httpsPort }));
    // It ends with this process, also if this is killed.
    const command = ["--pdeathsig", "KILL", requireProgram(haproxy), "-db", "-q", "-f", file];
    const child = spawn("setpriv", command, { stdio: ["ignore", "ignore", "inherit"] });
    const balancer = new Balancer(child, httpPort, httpsPort);
    await balancer.#listens();
    return balancer;
  }

  async stop(): Promise<void> {
    this.process.kill("SIGKILL");
    if ((this.process.exitCode ?? this.process.signalCode) === null) await once(this.process, "exit");
  }

  async #listens(): Promise<void> {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      // Without a server, HAProxy closes the connection.
      const { cause } = await fetch(`http://127.0.0.1:${this.httpPort}/`).then(
        () => ({ cause: undefined }),
        ({ cause }: Error) => ({ cause }),
      );
      if (Object(cause).code !== "ECONNREFUSED") return;
      if (this.process.exitCode !== null || Date.now() > deadline) throw new Error("HAProxy did not start.");
      await sleep(50);
    }
  }
}

function configuration(
  text: string,
  { all }: Nodes,
  ports: Pick<Balancer, "httpPort" | "httpsPort">,
): string {
  const lines = text
    .replace("bind :443", `bind 127.0.0.1:${ports.httpsPort}`)
    .replace("bind :9000", `bind 127.0.0.1:${ports.httpPort}`)
    .split("\n");
  return lines
    .flatMap((line) => {
      const [, start = "", node] = /^(\s*server \S+ )node(\d)\.example\.com/.exec(line) ?? [];
      if (node === undefined) return [line];
      const at = all[Number(node) - 1];
      return at ? [`${start}${at.address}${line.slice(line.lastIndexOf(":"))}`] : [];
    })
    .join("\n");
}
