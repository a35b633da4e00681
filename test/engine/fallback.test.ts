import assert from "node:assert/strict";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { writeLauncher } from "../../lab/toolchain/launcher";
import { sample } from "../tools/sample";
import { configFor } from "./harness";
import { complete, empty, Servers } from "./servers";
import { Stack } from "./stack";
import { unchecked } from "./unchecked";
import { WorkingCopy } from "./working-copy";

const sdk = ["node_modules", "@pulumi", "pulumi"];
const ownPlugin = [...sdk, "cmd", "dynamic-provider"];

interface Lack {
  /** Removes something that the start requires. */
  take(copy: WorkingCopy, stack: Stack): Promise<void>;
  warning: RegExp;
}

const withPulumisOwn = "with Pulumi's own plugin";
const lacks: Record<string, Lack> = {
  "without esbuild": {
    take: (copy) => copy.remove("node_modules", "esbuild"),
    warning: /esbuild is not installed, npm ci installs it/,
  },
  "with an esbuild that fails": {
    take: (copy) =>
      copy.write(
        "exports.buildSync = () => { throw new Error('no such binary'); };",
        "node_modules",
        "esbuild",
        "lib",
        "main.js",
      ),
    warning: /esbuild fails: no such binary/,
  },
  "where nothing can be kept": {
    take: (copy) => copy.write("no folder", "node_modules", ".cache"),
    warning: /\.cache\/proxmox-authentik-sso cannot be written/,
  },
  "with an SDK whose plugin has another place, which the CLI's launcher knows": {
    async take(copy, stack) {
      await rename(copy.path(...ownPlugin), copy.path(...sdk, "cmd", "dynamic"));
      await mkdir(copy.path("bin"));
      const launcher = `#!/bin/sh\nexec node node_modules/@pulumi/pulumi/cmd/dynamic "$@"\n`;
      await writeLauncher(copy.path("bin", "pulumi-resource-pulumi-nodejs"), launcher);
      stack.environment.PATH = [copy.path("bin"), stack.environment.PATH].join(delimiter);
    },
    warning: /esbuild fails: .*Could not resolve "@pulumi\/pulumi\/cmd\/dynamic-provider"/,
  },
  "with an SDK whose plugin reads a file next to it": {
    take: (copy) =>
      copy.edit(
        (text) => `require("fs").readFileSync(__dirname + "/index.js.map");\n${text}`,
        ...ownPlugin,
        "index.js",
      ),
    warning: /does not run in one file: ENOENT/,
  },
  "with an SDK whose plugin reads a file next to it before it listens": {
    take: (copy) =>
      copy.edit(
        (text) =>
          text.replace(
            "// Finally connect",
            'await require("fs").promises.readFile(__dirname + "/index.js.map");\n// ',
          ),
        ...ownPlugin,
        "index.js",
      ),
    warning: /does not run in one file: ENOENT/,
  },
  "with an SDK that has no automation API": {
    async take(copy) {
      await copy.remove(...sdk, "automation");
      await copy.edit(
        (text) => text.replace(/.*require\("\.\/automation"\).*/, "const automation = {};"),
        ...sdk,
        "index.js",
      );
    },
    warning: /this version of Pulumi's SDK has no @pulumi\/pulumi\/automation/,
  },
  [withPulumisOwn]: {
    take: (copy) => copy.edit((text) => text.replace(/^plugins:\n( .*\n)+/m, ""), "Pulumi.yaml"),
    warning: /Pulumi\.yaml does not name the plugin in providers\/runtime\/plugin/,
  },
};

const cases = sample(Object.entries(lacks), ([name]) => name === withPulumisOwn);

describe("everything works more slowly, and one line explains why", () => {
  let servers: Servers;
  let folder: string;
  const stacks: Stack[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "engine-fallback-"));
  });
  after(async () => {
    for (const stack of stacks) await stack.remove();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    servers = await Servers.start();
  });
  afterEach(() => servers?.stop());

  for (const [index, [name, { take, warning }]] of cases.entries()) {
    it(name, async () => {
      const copy = await WorkingCopy.make(join(folder, `${index}`));
      const stack = await Stack.create(configFor(servers), copy.folder);
      stacks.push(stack);
      await take(copy, stack);
      const assertWarns = (output: string) => {
        const warnings = output.match(/^ +warning: .*more slowly.*/gm) ?? [];
        assert.equal(warnings.length, 1, output);
        assert.match(`${warnings[0]}`, warning);
        return output;
      };

      // A preview loads program and plugin. The fallback to Pulumi's own start runs through the whole life of a
      // stack.
      if (name === withPulumisOwn) {
        assert.match(assertWarns(await stack.up()), /logged in through authentik/);
        assert.deepEqual(await servers.inventory(), complete);
        assertWarns(await stack.destroy());
        assert.deepEqual(await servers.inventory(), empty);
      } else {
        assertWarns(await stack.preview(unchecked));
      }
      await copy.remove();
    });
  }

  it("and nothing is printed if everything is there", async () => {
    const copy = await WorkingCopy.make(join(folder, "whole"));
    const stack = await Stack.create(configFor(servers), copy.folder);
    stacks.push(stack);
    assert.doesNotMatch(await stack.preview(unchecked), /warning/);
  });
});
