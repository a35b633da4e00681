import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { accountToMake, grantsFor } from "../../cli/init/proxmox-account";
import { writeStack } from "../../cli/init/write";
import { cacheDir, projectRoot } from "../../cli/paths";
import { keptDir } from "../../cli/stack/kept-passphrase";
import { capture } from "../../cli/system/process";
import { type RunningAccessControl, startAccessControl } from "../../lab/access-control/server";
import { pulumiHome } from "../../lab/toolchain/toolchain";
import { ProxmoxClient } from "../../providers/proxmox/client";
import { configFor } from "./harness";
import { initAnswers } from "./init-answers";
import { Servers } from "./servers";

/** Code for each Node.js process of a command. It records the arguments of all programs that the process starts. */
const recorder = `const { ChildProcess } = require("node:child_process");
const { spawn } = ChildProcess.prototype;
ChildProcess.prototype.spawn = function (options) {
  require("node:fs").appendFileSync(__dirname + "/arguments", JSON.stringify(options.args) + "\\n");
  return spawn.call(this, options);
};
`;

function rootOf({ proxmox, rootPassword: password }: Servers): ProxmoxClient {
  const credential = { username: "root@pam", password, configKey: "" };
  return new ProxmoxClient({ url: proxmox.url, caCertificate: proxmox.caPem, credential });
}

describe("npm run init, by flags", { concurrency: 1 }, () => {
  const name = `init-${randomBytes(4).toString("hex")}`;
  const configFile = join(projectRoot, `Pulumi.${name}.yaml`);
  let folder = "";
  let servers: Servers;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "init-"));
    await mkdir(join(folder, "home"));
    await writeFile(join(folder, "recorder.cjs"), recorder);
    servers = await Servers.start();
  });
  after(async () => {
    await servers.stop();
    await rm(folder, { recursive: true });
    await rm(configFile, { force: true });
  });

  function backendEnvironment() {
    return {
      PULUMI_HOME: pulumiHome,
      PULUMI_BACKEND_URL: `file://${folder}`,
      PULUMI_CONFIG_PASSPHRASE: "init",
    };
  }

  function run(...args: string[]) {
    return runWithout(undefined, ...args);
  }

  function runWithout(variable: string | undefined, ...args: string[]) {
    const secrets = configFor(servers).secret;
    const env = {
      ...process.env,
      ...backendEnvironment(),
      HOME: join(folder, "home"),
      PROXMOX_AUTHENTIK_SSO_CACHE: cacheDir,
      NODE_OPTIONS: `--require=${join(folder, "recorder.cjs")}`,
      AUTHENTIK: secrets.authentikToken,
      PROXMOX: secrets.proxmoxToken,
      PASSWORD: secrets.testPassword,
      ROOT: servers.rootPassword,
    };
    if (variable !== undefined) Reflect.deleteProperty(env, variable);
    return new Promise<{ code: number; output: string }>((resolve) => {
      const options = { cwd: projectRoot, env, timeout: 180_000 };
      execFile("node", ["--import", "tsx", "cli/cli.ts", ...args], options, (error, stdout, stderr) =>
        resolve({ code: Number(error?.code ?? 0), output: stdout + stderr }),
      );
    });
  }

  /** A second cluster under another name. It can be the same server. */
  function flags(): string[] {
    const { allowEveryone: _, ...plain } = configFor(servers).plain;
    const values = {
      ...plain,
      'access["authentik Admins"].as': "admins",
      'access["authentik Admins"]["/vms"][0]': "PVEAdmin",
      "clusters.berlin.addresses[0]": servers.proxmox.url.replace("localhost", "127.0.0.1"),
      "clusters.berlin.ca": servers.proxmox.caPem,
      "clusters.berlin.realm": "berlin",
    };
    const secrets = { authentikToken: "AUTHENTIK", testPassword: "PASSWORD", proxmoxToken: "PROXMOX" };
    return [
      ...Object.entries(values).flatMap(([key, value]) => ["--set", `${key}=${value}`]),
      "--secret-env",
      ...Object.entries({ ...secrets, "proxmoxToken-berlin": "PROXMOX" }).map((pair) => pair.join("=")),
    ];
  }

  it("creates a stack with encrypted secrets, and previews it", async () => {
    const { code, output } = await run("init", "--stack", name, ...flags());
    assert.equal(code, 0, output);
    assert.match(output, /\+ \d+ to create/);
    assert.match(output, /berlin-realm create/);
    assert.match(output, /sso-permission-\S+-\/vms-PVEAdmin create/);
    assert.match(output, new RegExp(`pulumi up --stack ${name}`));
    const config = await readFile(configFile, "utf8");
    for (const key of ["proxmoxToken", "proxmoxToken-berlin", "testPassword", "authentikToken"]) {
      assert.match(config, new RegExp(`pulumi-nodejs:${key}:\\n\\s+secure: `));
    }
    for (const secret of Object.values(configFor(servers).secret)) assert.ok(!config.includes(secret));
  });

  it("does not change an existing stack", async () => {
    const before = await readFile(configFile, "utf8");
    const { code, output } = await run("init", "--stack", name, ...flags());
    assert.equal(code, 1);
    assert.match(output, /There is a config of a stack "init-\w+" already/);
    assert.equal(await readFile(configFile, "utf8"), before);
  });

  it("refuses an option that does nothing, before it writes", async () => {
    const { code, output } = await run("init", "--stack", `${name}-no`, ...flags(), "--authentik", "docker");
    assert.equal(code, 1);
    assert.match(output, /No question of this run has the answer --authentik\./);
    assert.ok(!existsSync(join(projectRoot, `Pulumi.${name}-no.yaml`)));
  });

  it("leaves no finding for npm run doctor", async () => {
    const { code, output } = await run("doctor", "--stack", name, "--json", "--wait", "30");
    assert.equal(code, 0, output);
    const { ok, findings } = JSON.parse(output);
    assert.equal(ok, true);
    const tokens = findings.filter(({ check }: { check: string }) => check === "Proxmox token");
    assert.deepEqual(tokens.map(({ cluster }: { cluster: string }) => cluster).sort(), ["berlin", "sso"]);
  });

  describe("with root's password of Proxmox", () => {
    const own = `${name}-own`;
    const kept = ["passphrase", "env"].map((end) => join(keptDir, `${own}.${end}`));
    let backup: RunningAccessControl;
    before(async () => {
      const { rootPassword } = servers;
      backup = await startAccessControl({
        product: "backup",
        port: 0,
        rootPassword,
        authenticationDelayMs: 0,
      });
    });
    after(async () => {
      await backup.close();
      for (const file of [join(projectRoot, `Pulumi.${own}.yaml`), ...kept]) await rm(file, { force: true });
    });

    it("creates accounts with only the required rights on Proxmox VE and Backup Server, and proves both logins", async () => {
      const { code, output } = await runWithout(
        "PULUMI_CONFIG_PASSPHRASE",
        ...["init", "--stack", own, "--yes"],
        ...initAnswers(servers),
        ...[
          "--proxmox",
          `${servers.proxmox.url}, ${backup.url}`,
          "--answer",
          "proxmox-backup-fingerprint=yes",
        ],
        ...["--access", "authentik Admins: PVEAdmin on /vms, Audit on /datastore of backup"],
        ...["--secret-env", "proxmox-backup-credential=ROOT"],
      );
      assert.equal(code, 0, output);
      assert.ok(!output.includes(servers.rootPassword));
      assert.match(output, /the user sso-init-\w+-own@pve and its API token "sso"/);
      assert.match(output, /the service account proxmox-authentik-sso-init-\w+-own/);
      assert.match(output, /the user sso-init-\w+-own@pbs and its API token "sso"/);
      assert.match(output, /akadmin@authentik\\?" logged in through authentik/);
      assert.match(output, /akadmin@authentik\\?" logged in to Proxmox Backup Server/);
      const { roles, acl } = servers.proxmox.node.store.config;
      assert.deepEqual(roles.SsoGrant, ["Permissions.Modify"]);
      assert.deepEqual(
        acl
          .filter(({ ugid }) => ugid.startsWith("sso-init"))
          .map(({ path, roleid }) => `${roleid} ${path}`)
          .sort(),
        ["SsoGrant /vms", "SsoSetup /access"],
      );
      const lines = backup.node.store.acl.all.map(
        ({ path, role, id }) => `${role} ${path} ${id.replace(/^sso-.*@/, "@")}`,
      );
      assert.deepEqual(lines.sort(), [
        "Admin /access @pbs",
        "Admin /access @pbs!sso",
        "Audit /datastore akadmin@authentik",
      ]);
      // Only this user can read the stored passphrase, and the next command finds it.
      for (const file of kept) assert.equal((await stat(file)).mode & 0o777, 0o600);
      const doctor = await runWithout("PULUMI_CONFIG_PASSPHRASE", "doctor", "--stack", own, "--json");
      assert.equal(doctor.code, 0, doctor.output);
      assert.match(doctor.output, /it has the privileges that this configuration needs"/);
      assert.match(doctor.output, /the API token of the service account/);
    });

    it("stores it neither for Pulumi nor in HOME nor in .sso, and starts no program with it", async () => {
      const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((file) =>
        file.isFile(),
      );
      assert.ok(files.length > 3);
      const paths = files.map((file) => join(file.parentPath, file.name));
      paths.push(join(projectRoot, `Pulumi.${own}.yaml`), ...kept);
      for (const path of paths)
        assert.ok(!(await readFile(path, "utf8")).includes(servers.rootPassword), path);
      const started = await readFile(join(folder, "arguments"), "utf8");
      assert.match(started, /"config","set"|"config","set-all"|"up"/);
    });

    it("removes what it has created if the stack cannot be written", async () => {
      const before = structuredClone(servers.proxmox.node.store.config);
      const made = await accountToMake(rootOf(servers), grantsFor("authentik", ["/"]), {
        stack: `${own}-two`,
        secretKey: "proxmoxToken",
      });
      const env = { ...process.env, ...backendEnvironment() };
      const pulumi = (args: string[]) =>
        capture("pulumi", args, { cwd: projectRoot, env, timeoutMs: 60_000 });
      const full = async (args: string[]) => {
        if (args[0] !== "config") return await pulumi(args);
        assert.ok(existsSync(join(projectRoot, `Pulumi.${own}-two.yaml`)));
        throw new Error("no space left");
      };
      const stack = { name: `${own}-two`, plain: {}, secret: {}, made: [made] };
      await assert.rejects(writeStack(full, stack), /^Error: no space left$/);
      assert.deepEqual(servers.proxmox.node.store.config, before);
      assert.ok(!existsSync(join(projectRoot, `Pulumi.${own}-two.yaml`)));
      assert.ok(!(await pulumi(["stack", "ls"])).includes(`${own}-two`));
      // A stack without a config file here is not this run's.
      await assert.rejects(
        writeStack(pulumi, { ...stack, name: own }),
        /Pulumi has a stack "\S+-own" already/,
      );
      assert.deepEqual(servers.proxmox.node.store.config, before);
      assert.ok((await pulumi(["stack", "ls"])).includes(own));
    });
  });

  it("has nothing to show before the first up", async () => {
    const { code, output } = await run("show", "--stack", name);
    assert.equal(code, 1);
    assert.match(output, /nothing to show yet\. Run pulumi up first/);
  });
});
