import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { projectRoot } from "../../cli/paths";
import { credentialKey } from "../../providers/core/credentials";
import { assertUnchanged, configFor } from "./harness";
import { complete, empty, Servers } from "./servers";
import { Stack } from "./stack";

/** The first commit whose stacks this version must still be able to destroy. */
const earlierCommit = "33c8f9bac2e6";
/** The last one whose states have certificates whole among the inputs. */
const commitWithWholeCertificates = "486e80957060";

const run = promisify(execFile);
const limitMs = 60_000;

let servers: Servers;
let folder: string;
const stacks: Stack[] = [];

before(async () => {
  servers = await Servers.start();
  folder = await mkdtemp(join(tmpdir(), "engine-outlives-"));
});

after(async () => {
  for (const stack of stacks) await stack.remove();
  await rm(folder, { recursive: true, force: true });
  await servers.stop();
});

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

async function stackOf(project: string): Promise<Stack> {
  const stack = await Stack.create(configFor(servers), project);
  stacks.push(stack);
  return stack;
}

/** A stack that a commit's own working copy has made, in the hands of this version. */
async function stackMadeBy(commit: string): Promise<Stack> {
  const project = join(folder, commit);
  const archive = join(folder, `${commit}.tar`);
  await mkdir(project);
  await git("archive", "--output", archive, await versionAt(commit));
  await run("tar", ["-xf", archive, "-C", project], { timeout: limitMs });
  await symlink(join(projectRoot, "node_modules"), join(project, "node_modules"), "junction");
  const stack = await stackOf(project);
  await stack.up();
  assert.deepEqual(await servers.inventory(), complete);
  stack.project = projectRoot;
  return stack;
}

describe("a stack made by an earlier commit", () => {
  it("is refreshed and destroyed by this one", async () => {
    const stack = await stackMadeBy(earlierCommit);
    // A newer version may tell more of an object, which is no drift.
    assert.doesNotMatch(await stack.refresh(), /\[diff: /);
    await stack.destroy();
    assert.deepEqual(await servers.inventory(), empty);
  });

  it("is not changed by moving the CA, which each of its resources has, out of the state", async () => {
    const stack = await stackMadeBy(commitWithWholeCertificates);
    assertUnchanged(await stack.up());
    assertUnchanged(await stack.refresh());
    await stack.unset("proxmoxCa");
    await stack.configure({ plain: { [credentialKey("proxmoxCa")]: servers.proxmox.caPem } });
    assertUnchanged(await stack.up());
    await stack.destroy();
    assert.deepEqual(await servers.inventory(), empty);
  });
});
