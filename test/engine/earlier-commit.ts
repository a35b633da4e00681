import { execFile } from "node:child_process";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { projectRoot } from "../../cli/paths";
import { type ConfigValues, Stack } from "./stack";

const run = promisify(execFile);
const limitMs = 60_000;

async function git(...args: string[]): Promise<string> {
  return (await run("git", args, { cwd: projectRoot, timeout: limitMs })).stdout.trim();
}

/** Where the history was rewritten, the oldest version that has the frozen path. */
async function versionAt(commit: string): Promise<string> {
  const known = await git("cat-file", "-t", commit).catch(() => "");
  if (known === "commit") return commit;
  const [oldest = "HEAD"] = (await git("log", "--reverse", "--format=%H", "--", "dynamic.cjs")).split("\n");
  return oldest;
}

/** The folder with the commit's own program. */
export async function programOf(commit: string, folder: string): Promise<string> {
  const project = join(folder, commit);
  const archive = join(folder, `${commit}.tar`);
  await mkdir(project);
  await git("archive", "--output", archive, await versionAt(commit));
  await run("tar", ["-xf", archive, "-C", project], { timeout: limitMs });
  await symlink(join(projectRoot, "node_modules"), join(project, "node_modules"), "junction");
  return project;
}

/** A stack that the commit's own program has made, in the hands of this version. */
export async function stackMadeBy(commit: string, config: ConfigValues, folder: string): Promise<Stack> {
  const stack = await Stack.create(config, await programOf(commit, folder));
  await stack.up();
  stack.project = projectRoot;
  return stack;
}
