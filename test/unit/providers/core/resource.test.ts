import assert from "node:assert/strict";
import { test } from "node:test";
import { Application } from "../../../../providers/authentik/application";

for (const option of ["import", "id"]) {
  test(`the option \`${option}\`, with which the engine would fail obscurely, is refused with the way that works`, () => {
    const args = { authentik: { url: "https://auth.example.com" }, name: "Proxmox VE", slug: "proxmox" };
    assert.throws(
      () => new Application("sso", args, { [option]: "proxmox" }),
      /sso \(authentik:Application\): Pulumi cannot import a dynamic resource\. Set `adopt: true`/,
    );
  });
}
