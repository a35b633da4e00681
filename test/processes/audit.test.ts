import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { projectRoot } from "../../cli/paths";

const limitMs = 60_000;

/** The audit of the published packages by npm's registry. Not every registry supports it. */
function audit(): Promise<{ vulnerabilities?: Record<string, { severity: string }> }> {
  const args = ["audit", "--omit=dev", "--json"];
  const options = { cwd: projectRoot, timeout: limitMs, shell: process.platform === "win32" };
  return new Promise((resolve) => {
    execFile("npm", args, options, (_error, stdout) => resolve(stdout ? JSON.parse(stdout) : {}));
  });
}

test("npm knows no serious weakness of the packages that users get", async (context) => {
  const { vulnerabilities } = await audit();
  if (vulnerabilities === undefined)
    return context.diagnostic("The registry does not answer npm audit here.");
  const serious = Object.entries(vulnerabilities).filter(([, { severity }]) =>
    ["high", "critical"].includes(severity),
  );
  assert.deepEqual(serious, []);
});
