import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { projectRoot } from "../../cli/paths";

test("a bundle imports excluded modules only when they are needed", () => {
  const code = `
    const { bundleOf, runBundle } = require("./providers/runtime/bundle.cjs");
    const entry = 'exports.late = () => import("node:net");';
    const made = bundleOf({ name: "test-late-import", entry, external: [] });
    require("node:fs").rmSync(made.file, { force: true });
    runBundle(made, () => undefined).late().then(({ isIP }) => console.log(isIP("192.0.2.1")));`;
  assert.equal(execFileSync(process.execPath, ["-e", code], { cwd: projectRoot, encoding: "utf8" }), "4\n");
});
