import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { projectRoot } from "../../scripts/paths";
import { pulumiHome } from "../../scripts/toolchain/toolchain";
import { configFor } from "./harness";
import { Servers } from "./servers";

describe("npm run init, by flags", { concurrency: 1 }, () => {
  const name = `init-${randomBytes(4).toString("hex")}`;
  const configFile = join(projectRoot, `Pulumi.${name}.yaml`);
  let folder = "";
  let servers: Servers;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "init-"));
    servers = await Servers.start();
  });
  after(async () => {
    await servers.stop();
    await rm(folder, { recursive: true });
    await rm(configFile, { force: true });
  });

  function run(...args: string[]) {
    const secrets = configFor(servers).secret;
    const env = {
      ...process.env,
      PULUMI_HOME: pulumiHome,
      PULUMI_BACKEND_URL: `file://${folder}`,
      PULUMI_CONFIG_PASSPHRASE: "init",
      AUTHENTIK: secrets.authentikToken,
      PROXMOX: secrets.proxmoxToken,
      PASSWORD: secrets.testPassword,
    };
    return new Promise<{ code: number; output: string }>((resolve) => {
      const options = { cwd: projectRoot, env, timeout: 60_000 };
      execFile("node", ["--import", "tsx", "scripts/cli.ts", ...args], options, (error, stdout, stderr) =>
        resolve({ code: Number(error?.code ?? 0), output: stdout + stderr }),
      );
    });
  }

  const flags = () => [
    ...Object.entries(configFor(servers).plain).flatMap(([key, value]) => ["--set", `${key}=${value}`]),
    ...["--secret-env", "authentikToken=AUTHENTIK", "proxmoxToken=PROXMOX", "testPassword=PASSWORD"],
  ];

  it("makes a stack with encrypted secrets, and previews it", async () => {
    const { code, output } = await run("init", "--stack", name, ...flags());
    assert.equal(code, 0, output);
    assert.match(output, /\+ \d+ to create/);
    assert.match(output, new RegExp(`pulumi up --stack ${name}`));
    const config = await readFile(configFile, "utf8");
    assert.match(config, /pulumi-nodejs:proxmoxToken:\n\s+secure: /);
    for (const secret of Object.values(configFor(servers).secret)) assert.ok(!config.includes(secret));
  });

  it("does not touch a stack that exists", async () => {
    const before = await readFile(configFile, "utf8");
    const { code, output } = await run("init", "--stack", name, ...flags());
    assert.equal(code, 1);
    assert.match(output, /There is a config of a stack "init-\w+" already/);
    assert.equal(await readFile(configFile, "utf8"), before);
  });

  it("leaves nothing for npm run doctor to complain of", async () => {
    const { code, output } = await run("doctor", "--stack", name, "--json", "--wait", "30");
    assert.equal(code, 0, output);
    const { ok, findings } = JSON.parse(output);
    assert.equal(ok, true);
    assert.ok(findings.some(({ check }: { check: string }) => check === "Proxmox token"));
  });

  it("has nothing to show before its first up", async () => {
    const { code, output } = await run("show", "--stack", name);
    assert.equal(code, 1);
    assert.match(output, /nothing to show yet\. Run pulumi up first/);
  });
});
