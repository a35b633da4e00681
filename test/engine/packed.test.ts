import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, existsSync, readdirSync, symlinkSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { projectRoot } from "../../cli/paths";
import { type RunningProxmox, startProxmox } from "../../lab/proxmox/server";
import { createCertificateAuthority } from "../../providers/pki/certificate";
import { clientOf } from "../lab/proxmox-client";
import { inFullRun, sample } from "../tools/sample";
import { assertUnchanged, configFor } from "./harness";
import { linkDependencies, pack, unpack } from "./packed";
import { complete, empty, Servers } from "./servers";
import { type ConfigValues, Stack } from "./stack";
import { unchecked } from "./unchecked";

const examples = join(projectRoot, "examples");
const programs = readdirSync(examples).filter((name) => existsSync(join(examples, name, "index.ts")));
/** Examples that need no Docker and run against the simulators. */
const loggingIn = ["existing-authentik", "several-clusters"];
const token = "root@pam!engine=6a4e2c9f-31c0-4c5e-9f0a-7d1d4f5b8a02";

let folder: string;
let tarball: string;
const stacks: Stack[] = [];
let servers: Servers;

before(async () => {
  servers = await Servers.start();
  folder = await mkdtemp(join(tmpdir(), "engine-packed-"));
  tarball = await pack(folder);
});

after(async () => {
  for (const stack of stacks) await stack.remove();
  await rm(folder, { recursive: true, force: true });
  await servers?.stop();
});

async function stackOf(project: string, values: ConfigValues): Promise<Stack> {
  const stack = await Stack.create(values, project);
  stacks.push(stack);
  return stack;
}

describe("the packed package is a project that requires only Pulumi's own commands", () => {
  it("and proves the login", async () => {
    const project = join(folder, "copy");
    await unpack(tarball, project);
    await linkDependencies(project);

    const stack = await stackOf(project, configFor(servers));
    assert.match(await stack.up(), /logged in through authentik/);
    await stack.configure({ secret: { proxmoxToken: await servers.rotateProxmoxToken() } });
    assertUnchanged(await stack.refresh());
    await stack.destroy();
    assert.deepEqual(await servers.inventory(), empty);
  });
});

describe("the packed package", () => {
  it("contains the program, the library and the command, and nothing else", async () => {
    const { stdout } = await promisify(execFile)("tar", ["-tzf", tarball]);
    const paths = stdout
      .trim()
      .split("\n")
      .map((path) => path.replace(/^package\//, ""));
    assert.deepEqual([...new Set(paths.map((path) => path.split("/")[0]))].sort(), [
      "LICENSE",
      "Pulumi.yaml",
      "README.md",
      "components",
      "config",
      "dist",
      "docs",
      "index.ts",
      "library.ts",
      "package.json",
      "plugin",
      "providers",
      "pulumi.cjs",
      "tsconfig.json",
    ]);
    const kinds = new Set(
      paths.map((path) => /\.(test\.ts|[^./]+)$/.exec(path)?.[1] ?? path.split("/").at(-1)),
    );
    assert.deepEqual(
      [...kinds].filter((kind) =>
        ["test.ts", "pem", "key", "crt", "env", "log", "tgz", "passphrase"].includes(kind ?? ""),
      ),
      [],
    );
  });
});

/** Each example has the installation that `npm install` would create. */
describe("the packed package is a library for the programs in examples/", () => {
  let munich: RunningProxmox;
  let ca: string;

  before(async () => {
    await unpack(tarball, join(folder, "node_modules", "proxmox-authentik-sso"));
    await linkDependencies(folder, "typescript", "@types/node");
    munich = await startProxmox({
      port: 0,
      rootPassword: "of no use",
      tokens: [token],
      authenticationDelayMs: 0,
    });
    ({ certificate: ca } = await createCertificateAuthority("example"));
  });
  after(() => munich?.close());

  function copied(name: string): string {
    const project = join(folder, name);
    cpSync(join(examples, name), project, { recursive: true });
    symlinkSync(join(folder, "node_modules"), join(project, "node_modules"), "junction");
    return project;
  }

  const secret = {
    authentikToken: "example-token",
    authentikSecretKey: "example-secret-key",
    authentikBootstrapPassword: "example-password",
    postgresPassword: "example-database-password",
    registryPassword: "example-registry-password",
    proxmoxToken: "pulumi@pve!sso=11111111-2222-3333-4444-555555555555",
    tlsCaKey: "example-key",
  };

  it("exports the same names to ES modules as to CommonJS", async () => {
    const names = async (file: string, program: string) => {
      await writeFile(join(folder, file), program);
      const { stdout } = await promisify(execFile)(process.execPath, [file], {
        cwd: folder,
        timeout: 60_000,
      });
      return JSON.parse(stdout).sort();
    };
    const print = "console.log(JSON.stringify(Object.keys(sso)));";
    const common = await names("common.cjs", `const sso = require("proxmox-authentik-sso"); ${print}`);
    const esm = await names("esm.mjs", `import * as sso from "proxmox-authentik-sso"; ${print}`);
    assert.deepEqual(
      esm.filter((name: string) => !["default", "module.exports", "__esModule"].includes(name)),
      common,
    );
    for (const name of ["AuthentikStack", "OpenIdRealm", "ProxmoxAuthentikSso", "authentik", "proxmox"]) {
      assert.ok(common.includes(name), name);
    }
  });

  const previewed = programs.filter((program) => !loggingIn.includes(program));
  for (const name of sample(previewed, (program) => program === previewed[0])) {
    it(`${name} can be previewed, with no server reachable`, async () => {
      const stack = await stackOf(copied(name), { plain: { tlsCaCertificate: ca }, secret });
      const output = await stack.preview(unchecked);
      assert.match(output, /docker:index:Container server create/);
      assert.match(output, /Resources:\n\s+\+ \d+ to create/);
    });
  }

  inFullRun(() => {
    it("existing-authentik logs in, and leaves nothing when it is destroyed", async () => {
      const { plain, secret: secrets } = configFor(servers);
      const { "proxmoxAddresses[0]": address = "", authentikUrl = "", proxmoxCa = "" } = plain;
      const stack = await stackOf(copied("existing-authentik"), {
        plain: { "proxmoxAddresses[0]": address, authentikUrl, proxmoxCa },
        secret: secrets,
      });
      assert.match(await stack.up(), /logged in through authentik/);
      assert.deepEqual(await servers.inventory(), complete);
      await stack.destroy();
      assert.deepEqual(await servers.inventory(), empty);
    });
  });

  it("several-clusters grants each cluster's own roles, and revokes them", async () => {
    const berlin = servers.proxmox;
    const nodes = { berlin: { node: berlin, token: servers.proxmoxToken }, munich: { node: munich, token } };
    const stack = await stackOf(copied("several-clusters"), {
      plain: {
        authentikUrl: servers.authentik.httpUrl,
        ...Object.fromEntries(
          Object.entries(nodes).flatMap(([name, { node }]) => [
            [`${name}Addresses[0]`, node.url],
            [`${name}Ca`, node.caPem],
          ]),
        ),
      },
      secret: {
        authentikToken: servers.authentikToken,
        "proxmoxToken-berlin": servers.proxmoxToken,
        "proxmoxToken-munich": token,
      },
    });
    const granted = async () =>
      Object.fromEntries(
        await Promise.all(
          Object.entries(nodes).map(async ([name, { node, token }]) => {
            const api = clientOf(node, token);
            const { data } = await api.call("GET", "/access/acl");
            await api.close();
            const entries = Object.values(Object(data)).map(Object);
            return [name, entries.map(({ ugid, path, roleid }) => `${ugid} ${path} ${roleid}`).sort()];
          }),
        ),
      );
    await stack.up();
    assert.deepEqual(await granted(), {
      berlin: [
        "berlin-devs-authentik /storage/local PVEDatastoreUser",
        "berlin-devs-authentik /vms Operator",
        "pve-admins-authentik / Administrator",
      ],
      munich: [
        "munich-devs-authentik /vms Operator",
        "munich-devs-authentik /vms PVEAuditor",
        "pve-admins-authentik / Administrator",
      ],
    });
    await stack.destroy();
    assert.deepEqual(await granted(), { berlin: [], munich: [] });
  });
});
