import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { newStackFrom } from "../../../cli/init/new-stack";
import { tokenCommands } from "../../../cli/init/proxmox";
import { projectRoot } from "../../../cli/paths";

test("the token is made by the commands of docs/your-servers.md", () => {
  assert.ok(readFileSync(join(projectRoot, "docs/your-servers.md"), "utf8").includes(`\n${tokenCommands}\n`));
});

for (const key of ["proxmoxToken", "proxmoxToken-berlin", "pulumi-nodejs:testPassword", "clientSecret"]) {
  test(`the secret ${key} is taken from no argument`, () => {
    assert.throws(
      () => newStackFrom({ set: [`${key}=the-secret-itself`] }),
      (error) =>
        error instanceof Error &&
        /--secret-env/.test(error.message) &&
        !/the-secret-itself/.test(error.message),
    );
  });
}
