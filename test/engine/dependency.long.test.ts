import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { inFullRun } from "../tools/sample";
import { linkDependencies, pack, unpack } from "./packed";
import { Stack } from "./stack";

/** A resource of the user that reports on its process, prints and throws. */
const probe = `const pulumi = require("@pulumi/pulumi");
const globals = () => JSON.stringify({
  prepareStackTrace: String(Error.prepareStackTrace),
  consoleError: String(console.error),
  extensions: Object.keys(require("module")._extensions),
  listeners: [process.stdout, process.stderr, process].map((one) => one.listenerCount("error")),
  stack: new Error("mine").stack.split("\\n").length,
});
const provider = {
  async create(inputs) {
    console.error("UserError: is what I print");
    return { id: "probe", outs: { ...inputs, plugin: globals() } };
  },
  async read() { throw Object.assign(new Error("is what I throw"), { name: "UserError" }); },
};
class Probe extends pulumi.dynamic.Resource {
  constructor(name, args, options) { super(provider, name, { plugin: undefined, ...args }, options); }
}
`;
const ours = `const { SharedValues } = require("proxmox-authentik-sso");
const identity = new SharedValues("identity", {});
`;
/** Both run in the process of Pulumi's default provider. */
const program = (useOurs: boolean) => `${probe}
${useOurs ? ours : ""}
const mine = new Probe("mine", { after: ${useOurs ? "identity.id" : '"nothing"'} });
exports.plugin = mine.plugin;
exports.program = globals();
`;

describe("as a dependency, the package does not affect a program's other dynamic resources:", () => {
  let folder: string;
  const stacks: Stack[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "engine-dependency-"));
    await unpack(await pack(folder), join(folder, "node_modules", "proxmox-authentik-sso"));
    await linkDependencies(folder, "typescript");
  });
  after(async () => {
    for (const stack of stacks) await stack.remove();
    await rm(folder, { recursive: true, force: true });
  });

  async function stackWith(useOurs: boolean, pulumiYaml = ""): Promise<Stack> {
    const project = join(folder, `program-${stacks.length}`);
    await mkdir(project);
    await symlink(join(folder, "node_modules"), join(project, "node_modules"), "junction");
    const runtime = "runtime: { name: nodejs, options: { typescript: false } }";
    await writeFile(join(project, "Pulumi.yaml"), `name: consumer\n${runtime}\n${pulumiYaml}`);
    await writeFile(join(project, "package.json"), JSON.stringify({ name: "consumer", main: "index.js" }));
    await writeFile(join(project, "index.js"), program(useOurs));
    const stack = await Stack.create({ plain: { some: "config" }, secret: {} }, project);
    stacks.push(stack);
    return stack;
  }

  const outputsOf = (output: string) =>
    output.slice(output.indexOf("Outputs:"), output.indexOf("Resources:"));

  it("no global differs from a program without it, neither in the program nor in the plugin", async () => {
    const without = await (await stackWith(false)).up();
    const withPackage = await (await stackWith(true)).up();
    assert.match(outputsOf(without), /prepareStackTrace/);
    assert.equal(outputsOf(withPackage), outputsOf(without));
  });

  it("the output of such a resource is shown, and its errors have their stack", async () => {
    const stack = await stackWith(true);
    assert.match(await stack.up(), /UserError: is what I print/);
    const output = await stack.failingRefresh();
    const diagnostics = output.slice(output.indexOf("Diagnostics:"));
    assert.match(diagnostics, /UserError: is what I throw: UserError: is what I throw\s+at /);
    assert.doesNotMatch(output, /more slowly/);
  });

  inFullRun(() => {
    it("an earlier Pulumi.yaml, which names the package's plugin, still works", async () => {
      const former =
        "plugins:\n  providers:\n    - { name: pulumi-nodejs, path: node_modules/proxmox-authentik-sso/plugin }\n";
      const stack = await stackWith(true, former);
      assert.match(await stack.up(), /UserError: is what I print/);
      await stack.destroy();
    });
  });
});
