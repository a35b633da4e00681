import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { parse } from "yaml";
import { projectRoot } from "../../cli/paths";
import { configFrom } from "../../config/load";
import { configKey } from "../../config/schema";
import { dependencies, devDependencies, name, version } from "../../package.json";
import { exampleFiles, exampleText } from "../engine/example";

const examples = join(projectRoot, "examples");
const programs = readdirSync(examples).filter((folder) => existsSync(join(examples, folder, "index.ts")));

/** Secrets that docs/your-servers.md also sets. */
const secrets = {
  [configKey("authentikToken")]: "a-token",
  [configKey("proxmoxToken")]: "pulumi@pve!sso=11111111-2222-3333-4444-555555555555",
  [`${name}:authentikSecretKey`]: "a-secret-key",
  [`${name}:authentikBootstrapPassword`]: "a-password",
  [`${name}:postgresPassword`]: "another-password",
  [`${name}:registryPassword`]: "a-third-password",
};

/** The secrets of further servers. */
const more: Readonly<Record<string, Record<string, string>>> = {
  "backup-server.yaml": {
    [configKey("proxmoxToken-backup")]: "pulumi@pbs!sso:11111111-2222-3333-4444-666666666666",
  },
};

suite("examples/config is valid for the program", () => {
  for (const file of exampleFiles()) {
    test(file, () => {
      const { config } = parse(exampleText(file));
      const texts = Object.entries(config).map(([key, value]) => [
        key,
        typeof value === "string" ? value : JSON.stringify(value),
      ]);
      const parsed = configFrom(
        name,
        { ...secrets, ...more[file], ...Object.fromEntries(texts) },
        () => true,
      );
      assert.equal(parsed.clusters.length, 1 + Object.keys(more[file] ?? {}).length);
    });
  }
});

suite("examples/ depends on the package as `npm pack` creates it, and on its versions of the other packages", () => {
  for (const program of programs) {
    test(program, () => {
      const manifest = JSON.parse(readFileSync(join(examples, program, "package.json"), "utf8"));
      assert.deepEqual(manifest.dependencies, {
        "@pulumi/pulumi": dependencies["@pulumi/pulumi"],
        [name]: `file:../../${name}-${version}.tgz`,
      });
      for (const [tool, wanted] of Object.entries(manifest.devDependencies)) {
        assert.equal(wanted, new Map(Object.entries(devDependencies)).get(tool), tool);
      }
    });
  }
});
