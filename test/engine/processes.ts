import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

/** A run of Pulumi: its CLI, and the plugins in their own process groups. */
export class RunningPulumi {
  constructor(readonly cli: number) {}

  killAll(): void {
    for (const pid of [...this.#descendants().map(({ pid }) => pid), this.cli]) kill(pid);
  }

  killCli(): void {
    kill(this.cli);
  }

  killPlugin(): void {
    kill(this.plugin());
  }

  /** The process of this package's resources. */
  plugin(): number {
    const found = this.#descendants().find(({ command }) =>
      /^\S*node .*(pulumi-resource-pulumi-nodejs|dynamic-provider)/.test(command),
    );
    assert.ok(found, "no plugin of Pulumi runs");
    return found.pid;
  }

  #descendants(): { pid: number; command: string }[] {
    const all = execFileSync("ps", ["-e", "-o", "pid=,ppid=,args="], { encoding: "utf8" })
      .split("\n")
      .flatMap((line) => {
        const [, pid, parent, command = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)/.exec(line) ?? [];
        return pid ? [{ pid: Number(pid), parent: Number(parent), command }] : [];
      });
    const below = (parent: number): typeof all =>
      all.filter((one) => one.parent === parent).flatMap((one) => [one, ...below(one.pid)]);
    return below(this.cli);
  }
}

/** Resolves when the process has ended. Fails after the time limit. */
export async function ended(pid: number, withinSeconds: number): Promise<void> {
  const deadline = Date.now() + withinSeconds * 1000;
  while (isRunning(pid)) {
    assert.ok(Date.now() < deadline, `process ${pid} still runs after ${withinSeconds} s`);
    await sleep(50);
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function kill(pid: number): void {
  if (isRunning(pid)) process.kill(pid, "SIGKILL");
}
