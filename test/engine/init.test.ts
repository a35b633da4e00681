import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { projectRoot } from "../../cli/paths";
import { pulumiHome } from "../../lab/toolchain/toolchain";
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
      execFile("node", ["--import", "tsx", "cli/cli.ts", ...args], options, (error, stdout, stderr) =>
        resolve({ code: Number(error?.code ?? 0), output: stdout + stderr }),
      );
    });
  }

  /** A second cluster, too: by another name, the same server will do. */
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

  it("makes a stack with encrypted secrets, and previews it", async () => {
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
    const tokens = findings.filter(({ check }: { check: string }) => check === "Proxmox token");
    assert.deepEqual(tokens.map(({ cluster }: { cluster: string }) => cluster).sort(), ["berlin", "sso"]);
  });

  it("has nothing to show before its first up", async () => {
    const { code, output } = await run("show", "--stack", name);
    assert.equal(code, 1);
    assert.match(output, /nothing to show yet\. Run pulumi up first/);
  });
});
