import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pulumiHome } from "../../lab/toolchain/toolchain";
import { initAnswers } from "./init-answers";
import { installFirst, linkDependencies, pack, unpack } from "./packed";
import { Servers } from "./servers";
import { unchecked } from "./unchecked";

/** From the packed package alone, as `npx proxmox-authentik-sso new` makes it; npm's installation is stood in for by links. */
describe("a new project from the packed package", { concurrency: 1 }, () => {
  let folder = "";
  let servers: Servers;
  const project = () => join(folder, "mine");
  const installed = () => join(folder, "node_modules", "proxmox-authentik-sso");
  /** The version of today, which finds its dependencies where the installed one does. */
  const next = () => join(folder, "next", "node_modules", "proxmox-authentik-sso");
  const cli = (root: string) => join(root, "dist", "cli.js");

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "engine-new-"));
    servers = await Servers.start();
    const tarball = await pack(folder);
    await unpack(tarball, next());
    await installFirst(installed());
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
  const operate = (...args: string[]) => run(process.execPath, [cli(installed()), ...args], project());

  it("has a few files, which name the next steps", async () => {
    const made = await run(
      process.execPath,
      [cli(next()), "new", "few", "--no-install", "--workflows"],
      folder,
    );
    assert.equal(made.code, 0, made.output);
    assert.match(made.output, /npm run init/);
    const few = join(folder, "few");
    assert.deepEqual((await readdir(few)).sort(), [
      ".github",
      ".gitignore",
      "Pulumi.yaml",
      "index.ts",
      "package.json",
      "tsconfig.json",
    ]);
    const manifest = JSON.parse(await readFile(join(few, "package.json"), "utf8"));
    assert.match(manifest.dependencies["proxmox-authentik-sso"], /^\^\d+\.\d+\.\d+$/);
    assert.equal(manifest.scripts.doctor, "proxmox-authentik-sso doctor");
    const again = await run(process.execPath, [cli(next()), "new", "few", "--no-install"], folder);
    assert.match(again.output, /few is not empty/);
  });

  it("has a proved login after two commands with the first version", async () => {
    const made = await run(process.execPath, [cli(installed()), "new", "mine", "--no-install"], folder);
    assert.equal(made.code, 0, made.output);
    await symlink(join(folder, "node_modules"), join(project(), "node_modules"), "junction");
    const { code, output } = await operate(...["init", "--stack", "prod", "--yes"], ...initAnswers(servers));
    assert.equal(code, 0, output);
    assert.match(output, /logged in through authentik/);
  });

  it("is unchanged by an update of the package", async () => {
    await rm(installed(), { recursive: true });
    await rename(next(), installed());
    const preview = ["preview", "--stack", "prod", "--expect-no-changes", "--non-interactive"];
    const passphrase = { PULUMI_CONFIG_PASSPHRASE_FILE: join(project(), ".sso", "prod.passphrase") };
    const { code, output } = await run("pulumi", preview, project(), passphrase);
    assert.equal(code, 0, output);
    assert.doesNotMatch(output, /^ *[+~-] /m, output);
  });

  it("is maintained: its logins are proved, and there is no problem", async () => {
    const { code, output } = await operate("maintain", "--stack", "prod");
    assert.equal(code, 0, output);
    assert.match(output, /logged in through authentik/);
    assert.match(output, /^prod: nothing needs attention\.$/m);
  });

  /** They only look, hence all at once. */
  it("has the operator's commands", async () => {
    const commands: [command: string, code: number, expected: RegExp][] = [
      ["show", 0, /authentik Admins +PVEAdmin on \/vms/],
      ["doctor", 0, /privileges that this configuration needs/],
      ["status", 0, /^prod: ok, 1 Proxmox proved/m],
      ["trust", 0, /so the nodes need none/],
      ["takeover", 0, /Found: the realm "authentik" on Proxmox and the application "Proxmox VE"/],
      // The limited account may not look at people.
      ["offboard akadmin", 1, /could not be read: authentik refuses the API token/],
      ["backup", 1, /The stack has no PostgreSQL container/],
      ["restore authentik.dump", 1, /The stack has no PostgreSQL container/],
    ];
    const tried = commands.map(async ([command, code, expected]) => {
      const result = await operate(...command.split(" "), "--stack", "prod");
      assert.equal(result.code, code, `${command}: ${result.output}`);
      assert.match(result.output, expected);
    });
    await Promise.all(tried);
  });

  it("can also be created by pulumi new from a template", async () => {
    const target = join(folder, "by-pulumi");
    await run(process.execPath, [cli(installed()), "new", "template", "--template"], folder);
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
