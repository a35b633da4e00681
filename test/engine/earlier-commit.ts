import { execFile } from "node:child_process";
import { mkdir, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { projectRoot } from "../../cli/paths";
import { type ConfigValues, Stack } from "./stack";

const run = promisify(execFile);
const limitMs = 60_000;

async function git(...args: string[]): Promise<string> {
  return (await run("git", args, { cwd: projectRoot, timeout: limitMs })).stdout.trim();
}

/** If the history was rewritten, the oldest version with the frozen path. */
async function versionAt(commit: string): Promise<string> {
  const known = await git("cat-file", "-t", commit).catch(() => "");
  return known === "commit" ? commit : await oldestWith("dynamic.cjs");
}

/** The first version that has a file. */
export async function oldestWith(path: string): Promise<string> {
  const [oldest = "HEAD"] = (await git("log", "--reverse", "--format=%H", "--", path)).split("\n");
  return oldest;
}

/** The directory of the commit's program. */
export async function programOf(commit: string, folder: string): Promise<string> {
  const project = join(folder, commit);
  await checkOut(await versionAt(commit), project);
  await symlink(join(projectRoot, "node_modules"), join(project, "node_modules"), "junction");
  return project;
}

/** Brings the files of a commit into a folder that does not exist yet. */
export async function checkOut(commit: string, target: string): Promise<void> {
  const archive = `${target}.tar`;
  await mkdir(target, { recursive: true });
  await git("archive", "--output", archive, commit);
  await run("tar", ["-xf", archive, "-C", target], { timeout: limitMs });
  await rm(archive);
}

/** Creates a stack with the commit's program. This version then manages it. */
export async function stackMadeBy(commit: string, config: ConfigValues, folder: string): Promise<Stack> {
  const stack = await Stack.create(config, await programOf(commit, folder));
  await stack.up();
  stack.project = projectRoot;
  return stack;
}
