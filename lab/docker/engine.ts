import { spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cacheDir } from "../../cli/paths";
import { capture, succeeds } from "../../cli/system/process";
import { watched } from "../setup/watched";

const daemonStartLimitMs = 60_000;
const aptIdleMs = 10 * 60_000;

export interface DockerEngine {
  /** Address of its API, in the form of DOCKER_HOST. */
  host: string;
  version: string;
}

type Say = (text: string) => void;

/** The engine of DOCKER_HOST or of the current Docker context, if it answers. */
export async function findEngine(): Promise<DockerEngine | undefined> {
  try {
    const version = await docker(["version", "--format", "{{.Server.Version}}"]);
    const host =
      process.env.DOCKER_HOST ??
      (await docker(["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"]));
    return { host, version };
  } catch {
    return undefined;
  }
}

/** Why this machine cannot install Docker. Undefined if it can. */
export function problemWithInstalling(): string | undefined {
  if (process.env.DOCKER_HOST) return `no Docker engine answers at DOCKER_HOST (${process.env.DOCKER_HOST})`;
  if (process.platform !== "linux" || !existsSync("/etc/debian_version")) {
    return "no Docker engine answers; install Docker and start it";
  }
  if (process.getuid?.() !== 0)
    return "no Docker engine answers; install Docker and start it, or run this as root";
  return undefined;
}

export async function installAndStartEngine(say: Say): Promise<DockerEngine> {
  if (!(await succeeds("dockerd", ["--version"], { timeoutMs: 20_000 }))) {
    say("installing Debian's package docker.io with apt-get");
    await aptInstall("docker.io");
  }
  return (await findEngine()) ?? (await startDaemon(say));
}

export async function aptInstall(debianPackage: string, extra: NodeJS.ProcessEnv = {}): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", ...extra };
  await watched("apt-get", ["update"], { env, idleMs: aptIdleMs });
  const install = ["install", "-y", "--no-install-recommends", debianPackage];
  await watched("apt-get", install, { env, idleMs: aptIdleMs });
}

async function startDaemon(say: Say): Promise<DockerEngine> {
  const logFile = join(cacheDir, "dockerd.log");
  if (existsSync("/run/systemd/system")) {
    say("starting the docker service");
    await capture("systemctl", ["start", "docker"], { timeoutMs: daemonStartLimitMs });
  } else {
    say(`starting dockerd in the background (log: ${logFile})`);
    mkdirSync(cacheDir, { recursive: true });
    for (const [file, program] of Object.entries(pidFiles)) removeStalePidFile(file, program);
    const log = openSync(logFile, "a");
    spawn("dockerd", [], { detached: true, stdio: ["ignore", log, log] }).unref();
  }
  const deadline = Date.now() + daemonStartLimitMs;
  while (Date.now() < deadline) {
    const engine = await findEngine();
    if (engine) return engine;
    await sleep(500);
  }
  throw new Error(`Docker's daemon did not answer within ${daemonStartLimitMs / 1000} s: see ${logFile}.`);
}

const pidFiles = {
  "/var/run/docker.pid": "dockerd",
  "/var/run/docker/containerd/containerd.pid": "containerd",
};

/** After a kill or a reboot, another process may have the same id, and dockerd would refuse to start. */
function removeStalePidFile(file: string, program: string): void {
  if (!existsSync(file)) return;
  const processName = `/proc/${readFileSync(file, "utf8").trim()}/comm`;
  const isRunning = existsSync(processName) && readFileSync(processName, "utf8").trim() === program;
  if (!isRunning) rmSync(file);
}

async function docker(args: string[]): Promise<string> {
  return (await capture("docker", args, { timeoutMs: 15_000 })).trim();
}
