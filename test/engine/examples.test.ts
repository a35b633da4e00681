import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { parse } from "yaml";
import { projectRoot } from "../../scripts/paths";
import { Stack } from "./stack";

const folder = join(projectRoot, "docs", "examples");
const project = "proxmox-authentik-sso:";

const secret = {
  authentikToken: "example-token",
  authentikSecretKey: "example-secret-key",
  authentikBootstrapPassword: "example-password",
  postgresPassword: "example-database-password",
  proxmoxToken: "pulumi@pve!sso=11111111-2222-3333-4444-555555555555",
  registryPassword: "example-registry-password",
};

/** `a.b[0]` paths with texts, as `pulumi config set-all --path` takes them. */
function flatten(value: unknown, path: string): [string, string][] {
  if (Array.isArray(value)) return value.flatMap((item, index) => flatten(item, `${path}[${index}]`));
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([key, item]) => flatten(item, path ? `${path}.${key}` : key));
  }
  return [[path, String(value)]];
}

describe("the docs' example configs preview, with no server reachable", { concurrency: 1 }, () => {
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".yaml"))) {
    it(file, async () => {
      const { config } = parse(readFileSync(join(folder, file), "utf8"));
      const plain = Object.entries(config).flatMap(([key, value]) =>
        flatten(value, key.replace(project, "")),
      );
      const stack = await Stack.create({ plain: Object.fromEntries(plain), secret });
      try {
        assert.match(await stack.preview(), /Resources:\n\s+\+ \d+ to create/);
      } finally {
        await stack.remove();
      }
    });
  }
});
