import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { projectRoot } from "../../scripts/paths";
import { assertUnchanged, configFor } from "./harness";
import { complete, empty, Servers } from "./servers";
import { Stack } from "./stack";

/** The first commit whose stacks this version must still be able to destroy. */
const earlierCommit = "33c8f9bac2e6";

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
async function earlierVersion(): Promise<string> {
  const known = await git("cat-file", "-t", earlierCommit).catch(() => "");
  if (known === "commit") return earlierCommit;
  const [oldest = "HEAD"] = (await git("log", "--reverse", "--format=%H", "--", "dynamic.cjs")).split("\n");
  return oldest;
}

async function stackOf(project: string): Promise<Stack> {
  const stack = await Stack.create(configFor(servers), project);
  stacks.push(stack);
  return stack;
}

/** The packages that the package declares to need, and no others, as an installation would bring them. */
async function linkDependencies(project: string): Promise<void> {
  const { dependencies } = JSON.parse(await readFile(join(projectRoot, "package.json"), "utf8"));
  for (const name of Object.keys(dependencies)) {
    const link = join(project, "node_modules", name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(projectRoot, "node_modules", name), link, "junction");
  }
}

describe("a stack made by an earlier commit", () => {
  it("is refreshed and destroyed by this one", async () => {
    const project = join(folder, "earlier");
    const archive = join(folder, "earlier.tar");
    await mkdir(project);
    await git("archive", "--output", archive, await earlierVersion());
    await run("tar", ["-xf", archive, "-C", project], { timeout: limitMs });
    await symlink(join(projectRoot, "node_modules"), join(project, "node_modules"), "junction");

    const stack = await stackOf(project);
    await stack.up();
    assert.deepEqual(await servers.inventory(), complete);
    stack.project = projectRoot;
    // A newer version may tell more of an object, which is no drift.
    assert.doesNotMatch(await stack.refresh(), /\[diff: /);
    await stack.destroy();
    assert.deepEqual(await servers.inventory(), empty);
  });
});

const program = `
const { existingAuthentik, ProxmoxAuthentikSso, ResourceProvider } = require("proxmox-authentik-sso");
const { Config } = require("@pulumi/pulumi");

const config = new Config();
const provider = new ResourceProvider();
const sso = new ProxmoxAuthentikSso("login", {
  authentik: existingAuthentik({ url: config.require("authentikUrl") }, { provider }),
  proxmox: { addresses: config.requireObject("proxmoxAddresses"), caCertificate: config.require("proxmoxCa") },
  testUser: { username: "akadmin", passwordConfigKey: "testPassword" },
  allowEveryone: true,
}, { providers: [provider] });
exports.proof = sso.proof;
`;

describe("the packed package", () => {
  let tarball: string;

  before(async () => {
    const npm = process.env.npm_execpath;
    const [command, first] = npm ? [process.execPath, [npm]] : ["npm", []];
    await run(command, [...first, "pack", "--pack-destination", folder], {
      cwd: projectRoot,
      timeout: limitMs,
    });
    const { name, version } = JSON.parse(await readFile(join(projectRoot, "package.json"), "utf8"));
    tarball = join(folder, `${name}-${version}.tgz`);
  });

  async function unpackInto(target: string): Promise<void> {
    await mkdir(target, { recursive: true });
    await run("tar", ["-xzf", tarball, "-C", target, "--strip-components=1"], { timeout: limitMs });
  }

  it("is a library for another project", async () => {
    const project = join(folder, "other");
    await unpackInto(join(project, "node_modules", "proxmox-authentik-sso"));
    await linkDependencies(project);
    await writeFile(join(project, "Pulumi.yaml"), "name: other\nruntime: nodejs\nmain: program.cjs\n");
    await writeFile(join(project, "package.json"), '{ "private": true }\n');
    await writeFile(join(project, "program.cjs"), program);

    const stack = await stackOf(project);
    assert.match(await stack.up(), /logged in through authentik/);
    assert.deepEqual(await servers.inventory(), complete);
    await stack.destroy();
    assert.deepEqual(await servers.inventory(), empty);
  });

  it("is a project that needs Pulumi's own commands only", async () => {
    const project = join(folder, "copy");
    await unpackInto(project);
    await linkDependencies(project);

    const stack = await stackOf(project);
    assert.match(await stack.up(), /logged in through authentik/);
    await stack.configure({ secret: { proxmoxToken: await servers.rotateProxmoxToken() } });
    assertUnchanged(await stack.refresh());
    await stack.destroy();
    assert.deepEqual(await servers.inventory(), empty);
  });
});
