import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { lastLines } from "../../cli/system/process";

interface WatchOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Maximum time without progress. There is no other limit, because slow machines need more time. */
  idleMs: number;
  /** A line on standard output or standard error. Each line is progress. */
  onLine?: (line: string) => void;
  /** A value that changes while the program makes progress without output. */
  progress?: () => Promise<unknown>;
}

const lookEveryMs = 5_000;

/** Runs a long program as long as it makes progress. */
export function watched(command: string, args: string[], options: WatchOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const { cwd, env, idleMs, onLine, progress } = options;
    // A process group, so that the program's own children end with it.
    const isGroup = process.platform !== "win32";
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: isGroup });
    const printed: string[] = [];
    let lastProgress = Date.now();
    let lastSeen: unknown;
    let isIdle = false;
    const end = () => {
      if (child.pid === undefined) return;
      if (isGroup) process.kill(-child.pid, "SIGKILL");
      else child.kill("SIGKILL");
    };
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream).on("line", (line) => {
        lastProgress = Date.now();
        printed.push(line);
        onLine?.(line);
      });
    }
    const look = async () => {
      const seen = await progress?.().catch(() => undefined);
      if (seen !== lastSeen) lastProgress = Date.now();
      lastSeen = seen;
      if (Date.now() - lastProgress < idleMs) return;
      isIdle = true;
      end();
    };
    const timer = setInterval(look, Math.min(lookEveryMs, idleMs / 4));
    // A process in another group does not receive Ctrl-C.
    process.once("exit", end);
    const done = () => {
      clearInterval(timer);
      process.removeListener("exit", end);
    };
    child.on("error", (error) => {
      done();
      reject(new Error(`Could not run ${command}: ${error.message}`));
    });
    child.on("close", (code) => {
      done();
      if (code === 0) return resolve();
      const reason = isIdle ? `no progress for ${idleMs / 1000} s` : `failed (${code})`;
      const tail = lastLines(printed.join("\n"));
      reject(new Error(`${command} ${args.join(" ")}: ${reason}${tail ? `\n${tail}` : ""}`));
    });
  });
}
