import { spawn } from "node:child_process";
import { mkdirSync, openSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { get } from "node:https";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { projectRoot } from "../../cli/paths";
import { portsInUse } from "../docker/ports";

const startLimitMs = 30_000;
const stopLimitMs = 10_000;

/** A lab server that continues to run after the command that started it. */
export interface BackgroundServer {
  name: string;
  /** Directory of its data, log and pid file. */
  folder: string;
  /** TypeScript program, relative to the project, and its arguments. */
  program: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  port: number;
}

/** Starts the server if it does not run, and waits until it answers. Returns whether it was started. */
export async function ensureRunning(server: BackgroundServer): Promise<boolean> {
  if ((await runningPid(server)) !== undefined) {
    await untilAnswering(server);
    return false;
  }
  if ((await portsInUse([server.port])).length > 0) {
    throw new Error(
      `${server.name} cannot start: another program listens on port ${server.port}. Stop that one first.`,
    );
  }
  mkdirSync(server.folder, { recursive: true });
  const log = openSync(logFile(server), "a");
  const child = spawn(
    process.execPath,
    ["--import", "tsx", join(projectRoot, server.program), ...server.args],
    {
      cwd: projectRoot,
      env: { ...process.env, ...server.env },
      detached: true,
      stdio: ["ignore", log, log],
    },
  );
  child.unref();
  if (child.pid === undefined)
    throw new Error(`${server.name} could not be started: see ${logFile(server)}.`);
  await writeFile(pidFile(server), String(child.pid));
  await untilAnswering(server);
  return true;
}

export async function isRunning(server: BackgroundServer): Promise<boolean> {
  return (await runningPid(server)) !== undefined;
}

/** Stops the server. Returns whether it was running. */
export async function stopServer(server: BackgroundServer): Promise<boolean> {
  const pid = await runningPid(server);
  if (pid === undefined) return false;
  process.kill(pid, "SIGTERM");
  const deadline = Date.now() + stopLimitMs;
  while ((await runningPid(server)) !== undefined) {
    if (Date.now() > deadline) {
      process.kill(pid, "SIGKILL");
      break;
    }
    await sleep(100);
  }
  await rm(pidFile(server), { force: true });
  return true;
}

async function untilAnswering(server: BackgroundServer): Promise<void> {
  const deadline = Date.now() + startLimitMs;
  while (!(await answers(server.port))) {
    if ((await runningPid(server)) === undefined) {
      throw new Error(`${server.name} ended while it started: see ${logFile(server)}.`);
    }
    if (Date.now() > deadline) {
      throw new Error(
        `${server.name} did not answer within ${startLimitMs / 1000} s: see ${logFile(server)}.`,
      );
    }
    await sleep(100);
  }
}

/** Whether the port answers with HTTPS. The certificate does not matter. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(
      { host: "localhost", port, rejectUnauthorized: false, timeout: 2_000 },
      (response) => {
        response.destroy();
        resolve(true);
      },
    );
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(false));
  });
}

async function runningPid(server: BackgroundServer): Promise<number | undefined> {
  const pid = Number(await readFile(pidFile(server), "utf8").catch(() => ""));
  if (!pid) return undefined;
  try {
    process.kill(pid, 0);
  } catch {
    return undefined;
  }
  return (await isProgramOf(server, pid)) ? pid : undefined;
}

/** After a reboot, another program may have the same process id. Only Linux shows the program easily. */
async function isProgramOf(server: BackgroundServer, pid: number): Promise<boolean> {
  if (process.platform !== "linux") return true;
  const commandLine = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  return commandLine.includes(server.program);
}

function pidFile(server: BackgroundServer): string {
  return join(server.folder, "server.pid");
}

function logFile(server: BackgroundServer): string {
  return join(server.folder, "server.log");
}
