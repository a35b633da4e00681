import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { projectRoot } from "../../../cli/paths";
import {
  builtLanguageHostVersion,
  builtPulumiVersion,
  dockerPluginVersion,
  isSupportedPulumi,
} from "../../../lab/toolchain/versions";

test("Pulumi CLI 3.200 and later are supported", () => {
  assert.equal(isSupportedPulumi("v3.200.0\n"), true);
  assert.equal(isSupportedPulumi("3.259.0"), true);
  assert.equal(isSupportedPulumi("v4.0.0"), true);
});

test("an older Pulumi CLI, or an invalid version, is not supported", () => {
  assert.equal(isSupportedPulumi("v3.199.9"), false);
  assert.equal(isSupportedPulumi("v3.200.0-alpha.1"), false);
  assert.equal(isSupportedPulumi("pulumi: command not found"), false);
});

test("the versions equal those of the modules in lab/toolchain/go/ and of the npm package", () => {
  const goMod = (tool: string) =>
    readFileSync(join(projectRoot, "lab", "toolchain", "go", tool, "go.mod"), "utf8");
  assert.match(goMod("pulumi"), new RegExp(`pulumi/pkg/v3 v${builtPulumiVersion}\\n`));
  assert.match(goMod("pulumi-language-nodejs"), new RegExp(`pulumi/sdk/v3 v${builtLanguageHostVersion}\\n`));
  assert.equal(require("@pulumi/docker/package.json").version, dockerPluginVersion);
});
