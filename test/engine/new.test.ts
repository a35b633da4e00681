import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pulumiHome } from "../../lab/toolchain/toolchain";
import { initAnswers } from "./init-answers";
import { linkDependencies, pack, unpack } from "./packed";
import { Servers } from "./servers";
import { unchecked } from "./unchecked";

/** From the packed package alone, as `npx proxmox-authentik-sso new` makes it; npm's installation is stood in for by links. */
describe("a project of one's own from the packed package", { concurrency: 1 }, () => {
  let folder = "";
  let servers: Servers;
  const project = () => join(folder, "mine");
  const cli = () => join(folder, "node_modules", "proxmox-authentik-sso", "dist", "cli.js");

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "engine-new-"));
    servers = await Servers.start();
    const tarball = await pack(folder);
    await unpack(tarball, join(folder, "node_modules", "proxmox-authentik-sso"));
    await linkDependencies(folder, "typescript", "@types/node");
    await mkdir(join(folder, "state"));
  });
  after(async () => {
    await servers.stop();
    await rm(folder, { recursive: true, force: true });
  });

  function run(command: string, args: string[], cwd: string, env: NodeJS.ProcessEnv = {}) {
    const all = {
      ...process.env,
      PULUMI_HOME: pulumiHome,
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_BACKEND_URL: `file://${join(folder, "state")}?metadata=skip`,
      ...unchecked,
      ROOT: servers.rootPassword,
      AUTHENTIK: servers.authentikToken,
      PASSWORD: servers.authentikPassword,
      ...env,
    };
    return new Promise<{ code: number; output: string }>((resolve) => {
      execFile(command, args, { cwd, env: all, timeout: 300_000 }, (error, stdout, stderr) =>
        resolve({ code: Number(error?.code ?? 0), output: stdout + stderr }),
      );
    });
  }
  const operate = (...args: string[]) => run(process.execPath, [cli(), ...args], project());

  it("has a few files, which say how to go on", async () => {
    const made = await run(process.execPath, [cli(), "new", "mine", "--no-install", "--workflows"], folder);
    assert.equal(made.code, 0, made.output);
    assert.match(made.output, /npm run init/);
    assert.deepEqual((await readdir(project())).sort(), [
      ".github",
      ".gitignore",
      "Pulumi.yaml",
      "index.ts",
      "package.json",
      "tsconfig.json",
    ]);
    const manifest = JSON.parse(await readFile(join(project(), "package.json"), "utf8"));
    assert.match(manifest.dependencies["proxmox-authentik-sso"], /^\^\d+\.\d+\.\d+$/);
    assert.equal(manifest.scripts.doctor, "proxmox-authentik-sso doctor");
    const again = await run(process.execPath, [cli(), "new", "mine", "--no-install"], folder);
    assert.match(again.output, /mine is not empty/);
    await symlink(join(folder, "node_modules"), join(project(), "node_modules"), "junction");
  });

  it("is at a proved login after one command", async () => {
    const { code, output } = await operate(...["init", "--stack", "prod", "--yes"], ...initAnswers(servers));
    assert.equal(code, 0, output);
    assert.match(output, /logged in through authentik/);
  });

  for (const [command, expected] of [
    ["verify", /logged in through authentik/],
    ["show", /authentik Admins +PVEAdmin on \/vms/],
    ["doctor", /privileges that this configuration needs/],
  ] as const) {
    it(`has ${command}`, async () => {
      const { code, output } = await operate(command, "--stack", "prod");
      assert.equal(code, 0, output);
      assert.match(output, expected);
    });
  }

  it("can be made by pulumi new from a template, too", async () => {
    const target = join(folder, "by-pulumi");
    await run(process.execPath, [cli(), "new", "template", "--template"], folder);
    const { code, output } = await run(
      "pulumi",
      [
        ...["new", join(folder, "template"), "--dir", target, "--generate-only", "--yes", "--name", "sso"],
        ...["--config", "authentikUrl=https://auth.example.com"],
      ],
      folder,
    );
    assert.equal(code, 0, output);
    assert.match(await readFile(join(target, "Pulumi.yaml"), "utf8"), /^name: sso$/m);
    assert.match(await readFile(join(target, "index.ts"), "utf8"), /proxmox-authentik-sso\/program/);
  });
});
