import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, suite, test } from "node:test";
import type { dynamic } from "@pulumi/pulumi";
import { providerReference } from "../../../../providers/core/reference";

const projectDirectory = resolve(__dirname, "../../../..");
const evaluate: (code: string) => { handler: () => dynamic.ResourceProvider } = createRequire(
  createRequire(__filename).resolve("@pulumi/pulumi/package.json"),
)("require-from-string");

suite("the provider reference in the state", () => {
  const startDirectory = process.cwd();
  let elsewhere: string;

  beforeEach(() => {
    elsewhere = mkdtempSync(join(tmpdir(), "provider-reference-"));
  });

  afterEach(() => {
    process.chdir(startDirectory);
    rmSync(elsewhere, { recursive: true });
  });

  test("is text that captures nothing and never changes: every state has it, and old ones must stay valid", () => {
    assert.equal(
      providerReference("authentik:Application"),
      'exports.handler = () => require("module").createRequire(process.cwd() + "/")' +
        '("proxmox-authentik-sso/dynamic")("authentik:Application");',
    );
  });

  test("is short: inputs and outputs together stay below 1 KB", () => {
    assert.ok(providerReference("authentik:WebCertificate").length < 300);
  });

  test("returns the provider in this project's directory", async () => {
    process.chdir(projectDirectory);
    await assertIsThatOfRealms(evaluate(providerReference("proxmox:OpenIdRealm")).handler());
  });

  test("returns the provider in a project that depends on this one", async () => {
    mkdirSync(join(elsewhere, "node_modules"));
    symlinkSync(projectDirectory, join(elsewhere, "node_modules", "proxmox-authentik-sso"));
    writeFileSync(join(elsewhere, "package.json"), "{}");
    process.chdir(elsewhere);
    await assertIsThatOfRealms(evaluate(providerReference("proxmox:OpenIdRealm")).handler());
  });

  test("fails with a clear message if this package is not installed", () => {
    process.chdir(elsewhere);
    assert.throws(evaluate(providerReference("sso:Identity")).handler, /proxmox-authentik-sso\/dynamic/);
  });

  test("reports what to do about a type that this version lacks", () => {
    process.chdir(projectDirectory);
    assert.throws(evaluate(providerReference("authentik:Nothing")).handler, /Use the version that made it/);
  });
});

/** Checks its refusal, because it is loaded separately from this test's modules. */
async function assertIsThatOfRealms(provider: dynamic.ResourceProvider): Promise<void> {
  const { failures = [] } = (await provider.check?.({}, { realm: "pam" })) ?? {};
  assert.match(failures.find(({ property }) => property === "realm")?.reason ?? "", /pam/);
}
