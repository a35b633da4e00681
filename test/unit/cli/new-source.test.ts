import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { sourceOf } from "../../../cli/new/source";
import { packageRoot } from "../../../cli/paths";

const name = "proxmox-authentik-sso";
const folder = mkdtempSync(join(tmpdir(), "new-source-"));
const installed = join(folder, "npx", "node_modules", name);
after(() => rmSync(folder, { recursive: true }));

/** The source if npm has written this dependency. */
function from(spec: string): string | undefined {
  mkdirSync(installed, { recursive: true });
  writeFileSync(join(folder, "npx", "package.json"), JSON.stringify({ dependencies: { [name]: spec } }));
  return sourceOf(installed);
}

suite("a new project depends on the place from which npm installed the command", () => {
  test("a tarball, by its full path", () => {
    assert.equal(from("file:../x.tgz"), `file:${join(folder, "x.tgz")}`);
  });

  test("an address or a repository", () => {
    for (const spec of ["https://example.com/x.tgz", "github:owner/name", "owner/name"])
      assert.equal(from(spec), spec);
  });

  test("or on its version in the registry", () => {
    for (const spec of ["^0.1.0", "latest", "*"]) assert.equal(from(spec), undefined);
    writeFileSync(join(folder, "npx", "package.json"), "no JSON");
    assert.equal(sourceOf(installed), undefined);
    assert.equal(sourceOf(packageRoot), undefined);
  });
});
