import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { projectRoot } from "../../cli/paths";
import { removeStaleLocks } from "../../lab/local/stale-locks";
import { pulumiHome } from "../../lab/toolchain/toolchain";

let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "in-the-way-"));
});
after(() => rm(folder, { recursive: true, force: true }));

interface Ended {
  code: number;
  output: string;
}

function run(command: string, args: string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(command, args, { cwd, env, timeout: 120_000 }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), output: stdout + stderr }),
    );
  });
}

describe("the lock of a killed pulumi", () => {
  const stateBackend = () => join(folder, "state");
  const program = () => join(folder, "program");
  const locks = async () =>
    (await readdir(join(stateBackend(), ".pulumi", "locks"), { recursive: true })).filter((name) =>
      name.endsWith(".json"),
    );
  const environment = () => ({
    ...process.env,
    PULUMI_HOME: pulumiHome,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_BACKEND_URL: `file://${stateBackend()}?metadata=skip`,
    PULUMI_CONFIG_PASSPHRASE: "lock",
  });
  const up = ["up", "--yes", "--skip-preview", "--stack", "dev", "--non-interactive"];

  before(async () => {
    await mkdir(stateBackend());
    await mkdir(program());
    await symlink(join(projectRoot, "node_modules"), join(program(), "node_modules"), "junction");
    await writeFile(
      join(program(), "Pulumi.yaml"),
      "name: lock\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n",
    );
    await writeFile(join(program(), "package.json"), '{ "main": "index.js" }');
    await writeFile(
      join(program(), "index.js"),
      'require("@pulumi/pulumi"); if (process.env.HANGS) setTimeout(() => {}, 60000);',
    );
    const made = await run("pulumi", ["stack", "init", "dev"], program(), environment());
    assert.equal(made.code, 0, made.output);
  });

  it("stays while that pulumi runs, is removed when it is gone, and the next run continues", async () => {
    const killed = spawn("pulumi", up, {
      cwd: program(),
      env: { ...environment(), HANGS: "yes" },
      stdio: "ignore",
    });
    const gone = new Promise((resolve) => killed.once("exit", resolve));
    while ((await locks().catch(() => [])).length === 0) await sleep(50);
    assert.deepEqual(await removeStaleLocks(stateBackend()), []);
    killed.kill("SIGKILL");
    await gone;
    assert.equal((await locks()).length, 1);
    const refused = await run("pulumi", up, program(), environment());
    assert.match(refused.output, /locked by 1 lock/);

    assert.deepEqual(await removeStaleLocks(stateBackend()), [killed.pid]);
    const next = await run("pulumi", up, program(), environment());
    assert.equal(next.code, 0, next.output);
  });

  it("stays if it belongs to another machine", async () => {
    const other = join(stateBackend(), ".pulumi", "locks", "organization", "lock", "dev", "other.json");
    await mkdir(join(other, ".."), { recursive: true });
    await writeFile(other, JSON.stringify({ pid: 2 ** 22, hostname: "another-machine" }));
    assert.deepEqual(await removeStaleLocks(stateBackend()), []);
    assert.deepEqual(
      (await locks()).map((name) => name.split(/[\\/]/).at(-1)),
      ["other.json"],
    );
    await rm(other);
  });
});

describe("a command without its requirements says in one sentence what to run", () => {
  const home = () => join(folder, "home");
  const state = () => `file://${join(folder, "own")}`;
  const command = (args: string[], env: NodeJS.ProcessEnv) => {
    const {
      PULUMI_BACKEND_URL: _,
      PULUMI_CONFIG_PASSPHRASE: __,
      PULUMI_ACCESS_TOKEN: ___,
      ...plain
    } = process.env;
    const all = { ...plain, PULUMI_HOME: home(), PULUMI_SKIP_UPDATE_CHECK: "true", ...env };
    return run("node", ["--import", "tsx", "cli/cli.ts", ...args], projectRoot, all);
  };
  /** One line, plus the empty one before it. */
  const assertOneSentence = ({ code, output }: Ended, sentence: RegExp) => {
    assert.equal(code, 1);
    assert.match(output, sentence);
    assert.equal(output.trim().split("\n").length, 1, output);
  };

  before(async () => {
    await mkdir(join(folder, "own"));
    const env = { ...process.env, PULUMI_HOME: pulumiHome, PULUMI_CONFIG_PASSPHRASE: "right" };
    const cwd = join(folder, "own-project");
    await mkdir(cwd);
    await writeFile(join(cwd, "Pulumi.yaml"), "name: proxmox-authentik-sso\nruntime: nodejs\n");
    const made = await run("pulumi", ["stack", "init", "mine"], cwd, { ...env, PULUMI_BACKEND_URL: state() });
    assert.equal(made.code, 0, made.output);
  });

  for (const name of ["verify", "show", "doctor"]) {
    it(`${name} without a login`, async () => {
      assertOneSentence(
        await command([name, "--stack", "mine"], {}),
        /not logged in, and there is no lab here\. .*`npm start`.*`pulumi login`/,
      );
    });
  }

  it("verify of a stack that does not exist", async () => {
    const ended = await command(["verify", "--stack", "other"], { PULUMI_BACKEND_URL: state() });
    assertOneSentence(ended, /There is no stack "other" .*`pulumi stack ls`/);
  });
});
