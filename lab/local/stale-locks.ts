import { readdir, readFile, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { z } from "zod";

const lockFile = z.object({ pid: z.number(), hostname: z.string() });

/**
 * A killed `pulumi` leaves its lock behind, which blocks every later run. Deletes only locks of processes on this
 * machine that have ended. Returns the process ids.
 */
export async function removeStaleLocks(stateBackend: string): Promise<number[]> {
  const folder = join(stateBackend, ".pulumi", "locks");
  const files = await readdir(folder, { recursive: true }).catch(() => []);
  const gone: number[] = [];
  for (const file of files.filter((name) => name.endsWith(".json"))) {
    const path = join(folder, file);
    const lock = lockFile.safeParse(JSON.parse(await readFile(path, "utf8").catch(() => "null")));
    if (!lock.success || lock.data.hostname !== hostname() || (await isPulumi(lock.data.pid))) continue;
    await rm(path, { force: true });
    gone.push(lock.data.pid);
  }
  return gone;
}

async function isPulumi(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // The process runs as another user.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
  if (process.platform !== "linux") return true;
  // After a reboot, another program may have the same process id.
  return (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).includes("pulumi");
}
