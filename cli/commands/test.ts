import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import type { SetupContext } from "../../lab/setup/context";
import { runSteps } from "../../lab/setup/run-steps";
import { toolchainEnvironment } from "../../lab/toolchain/toolchain";
import { build, tarballVariable } from "../../test/engine/packed";
import { chromiumStep } from "../../test/tools/chromium";
import { haproxy, installStep, iproute, nginx, registry, sshServer } from "../../test/tools/test-programs";
import { projectRoot } from "../paths";
import { passThrough } from "../system/process";
import { setup } from "./setup";

/** Sets everything up, checks formatting and types, and runs the tests: all of them, or a sample of the slow ones. */
export async function test({ all = false } = {}): Promise<number> {
  const context = await setup();
  await runSteps(context, [
    ...[nginx, sshServer, iproute, ...(all ? [registry, haproxy] : [])].map(installStep),
    chromiumStep,
  ]);
  const where = { cwd: projectRoot, env: testEnvironment(context) };
  if (all) where.env.TEST_ALL = "1";
  const folder = await mkdtemp(join(tmpdir(), "packed-"));
  try {
    const [checkStatus, tarball] = await Promise.all([npmRun("check", where), build(folder)]);
    if (checkStatus !== 0) return checkStatus;
    const env = { ...where.env, [tarballVariable]: tarball };
    return await passThrough(process.execPath, [...testOptions(), ...(await testFiles(all))], {
      ...where,
      env,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Folders whose tests share a process, each with its file. The files' names sort before the others: Node starts the files
 * in this order, and the last ones leave a core idle.
 */
const inOneProcess = {
  lab: join("test", "all-lab-tests.cjs"),
  resources: join("test", "all-resource-tests.cjs"),
  unit: join("test", "all-unit-tests.cjs"),
};

/** Runs the fast tests, which need no set-up and share a process. For use after each change. */
export async function unit(): Promise<number> {
  return await passThrough(process.execPath, ["--import", "tsx", "--test-reporter=spec", inOneProcess.unit], {
    cwd: projectRoot,
    env: { ...process.env, TEST_QUICK: "1" },
  });
}

function testOptions(): string[] {
  const reporters = ["--test-reporter=spec", "--test-reporter-destination=stdout"];
  // In CI, a skipped test must fail the run.
  if (process.env.CI)
    reporters.push("--test-reporter=./test/tools/no-skips.mjs", "--test-reporter-destination=stderr");
  // A test that hangs fails the run instead of blocking it.
  return ["--import", "tsx", "--test", "--test-concurrency=3", "--test-timeout=900000", ...reporters];
}

/** Lists the files, because Node 20's test runner has no patterns. */
async function testFiles(all: boolean): Promise<string[]> {
  const files = await readdir(join(projectRoot, "test"), { recursive: true });
  const separate = files
    .filter((file) => file.endsWith(".test.ts") && (all || !file.endsWith(".long.test.ts")))
    .filter((file) => !Object.keys(inOneProcess).some((folder) => file.startsWith(join(folder, sep))));
  return [...Object.values(inOneProcess), ...separate.map((file) => join("test", file))];
}

function testEnvironment(context: SetupContext): NodeJS.ProcessEnv {
  if (!context.toolchain) throw new Error("The Pulumi CLI's step has to come before the tests.");
  const environment = toolchainEnvironment(context.toolchain);
  if (context.docker) environment.DOCKER_HOST = context.docker.host;
  return environment;
}

function npmRun(script: string, where: { cwd: string; env: NodeJS.ProcessEnv }): Promise<number> {
  // npm sets the path of its own script, which also works on Windows.
  const npm = process.env.npm_execpath;
  return npm
    ? passThrough(process.execPath, [npm, "run", "--silent", script], where)
    : passThrough("npm", ["run", "--silent", script], where);
}
