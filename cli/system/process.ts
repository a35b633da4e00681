import { execFile, spawn } from "node:child_process";

interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  timeoutMs: number;
  /** Standard input. Other users of the machine can read arguments, but not this. */
  input?: string;
}

export function lastLines(text: string): string {
  return text.trim().split("\n").slice(-15).join("\n");
}

/** Runs a program and returns its standard output. */
export function capture(command: string, args: string[], options: RunOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      command,
      args,
      {
        cwd: options.cwd,
        env: options.env,
        timeout: options.timeoutMs,
        killSignal: "SIGKILL",
        maxBuffer: 64 << 20,
      },
      (error, stdout, stderr) => {
        if (!error) return resolve(stdout);
        const reason = error.killed
          ? `no end within ${options.timeoutMs / 1000} s`
          : `failed (${error.code})`;
        const printed = lastLines(stderr || stdout);
        reject(new Error(`${command} ${args.join(" ")}: ${reason}${printed ? `\n${printed}` : ""}`));
      },
    );
    // If the program exits before it has read its input, its exit code shows the reason.
    child.stdin?.on("error", () => {});
    child.stdin?.end(options.input);
  });
}

export async function succeeds(command: string, args: string[], options: RunOptions): Promise<boolean> {
  return capture(command, args, options).then(
    () => true,
    () => false,
  );
}

/** Runs a program in this terminal and returns its exit code. */
export function passThrough(
  command: string,
  args: string[],
  options: Omit<RunOptions, "timeoutMs"> & { shell?: boolean },
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: "inherit" });
    child.on("error", (error) => reject(new Error(`Could not run ${command}: ${error.message}`)));
    child.on("exit", (code, signal) => resolve(code ?? (signal ? 1 : 0)));
  });
}
