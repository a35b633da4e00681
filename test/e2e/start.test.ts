import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import Docker from "dockerode";
import { projectRoot } from "../../scripts/paths";

const limitMs = 600_000;
const labFilter = { filters: { label: ["proxmox-authentik-sso.stack=proxmox-authentik-sso-dev"] } };

/** The README's commands as written, in a fresh clone of the committed files. A lab that runs already is in their way. */
describe("a newcomer's commands", () => {
  let clone = "";
  const run = (command: string, args: string[]) =>
    new Promise<string>((resolve, reject) => {
      execFile(
        command,
        args,
        { cwd: clone, timeout: limitMs, maxBuffer: 64 << 20 },
        (error, stdout, stderr) =>
          error
            ? reject(new Error(`${command} ${args.join(" ")}: ${error.message}\n${stdout}\n${stderr}`))
            : resolve(stdout),
      );
    });

  before(async () => {
    clone = await mkdtemp(join(tmpdir(), "clone-"));
    await run("git", ["clone", "--quiet", projectRoot, "."]);
  });
  after(async () => {
    if (existsSync(join(clone, ".lab"))) await run("npm", ["run", "stop"]);
    await rm(clone, { recursive: true, force: true });
  });

  it("npm start ends in a proved login of a user who may do something, and leaves git clean", async () => {
    const output = await run("npm", ["start"]);
    assert.match(
      output,
      /akadmin@authentik\\?" logged in through authentik .*with permissions on [1-9]\d* paths/,
    );
    assert.match(output, /What users may do is up to the groups of `access`/);
    assert.equal(await run("git", ["status", "--porcelain"]), "");
  });

  it("npm start again changes nothing and says so", async () => {
    assert.match(await run("npm", ["start"]), /Nothing changed/);
  });

  it("npm run verify proves the login again", async () => {
    assert.match(await run("npm", ["run", "--silent", "verify"]), /akadmin@authentik.* logged in/);
  });

  it("npm run stop leaves nothing behind", async () => {
    await run("npm", ["run", "stop"]);
    const docker = new Docker();
    assert.deepEqual(await docker.listContainers({ all: true, ...labFilter }), []);
    assert.deepEqual((await docker.listVolumes(labFilter)).Volumes, []);
    assert.deepEqual(await docker.listNetworks(labFilter), []);
    assert.equal(existsSync(join(clone, ".lab")), false);
  });
});
