import { readdirSync, readFileSync } from "node:fs";

/** Resources that all child processes used together. */
export interface Usage {
  cpuSeconds: number;
  peakMebibytes: number;
}

const sampleMilliseconds = 50;
/** Linux's unit of time in /proc (USER_HZ), and its page size, in all common builds. */
const ticksPerSecond = 100;
const pageBytes = 4096;
const mebibyte = 1 << 20;

/** Runs an action and measures the processes that it starts. Works only on Linux. */
export async function watchProcesses(action: () => Promise<unknown>): Promise<Usage> {
  const ticks = new Map<number, number>();
  let peakPages = 0;
  const sample = () => {
    const processes = descendants(process.pid);
    for (const { pid, ticks: used } of processes) ticks.set(pid, used);
    peakPages = Math.max(
      peakPages,
      processes.reduce((sum, { pages }) => sum + pages, 0),
    );
  };
  const timer = setInterval(sample, sampleMilliseconds);
  try {
    await action();
  } finally {
    clearInterval(timer);
  }
  const total = [...ticks.values()].reduce((sum, used) => sum + used, 0);
  return { cpuSeconds: total / ticksPerSecond, peakMebibytes: (peakPages * pageBytes) / mebibyte };
}

interface Process {
  pid: number;
  ticks: number;
  pages: number;
}

function descendants(pid: number): Process[] {
  return children(pid).flatMap((child) => {
    const found = stat(child);
    return found ? [found, ...descendants(child)] : [];
  });
}

/** Any thread may have started a child. */
function children(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8")
        .trim()
        .split(" ")
        .filter(Boolean)
        .map(Number),
    );
  } catch {
    return [];
  }
}

function stat(pid: number): Process | undefined {
  try {
    // The command's name in parentheses may contain spaces.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    const [userTicks, systemTicks, pages] = [fields[11], fields[12], fields[21]].map(Number);
    return { pid, ticks: (userTicks ?? 0) + (systemTicks ?? 0), pages: pages ?? 0 };
  } catch {
    return undefined;
  }
}
