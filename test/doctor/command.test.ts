import assert from "node:assert/strict";
import { after, before, describe, it, mock } from "node:test";
import { type DoctorOptions, doctor } from "../../cli/commands/doctor";
import { project } from "../../cli/paths";
import type { RunPulumi } from "../../cli/stack/stack-in-question";
import { configKey } from "../../config/schema";
import { Lab } from "./lab";

describe("npm run doctor", { concurrency: 1 }, () => {
  let lab: Lab;
  before(async () => {
    lab = await Lab.start();
  });
  after(() => lab.stop());

  /** The CLI on a stack with this config that has created nothing yet. */
  function pulumiWith(config: () => Record<string, string>): RunPulumi {
    return async ([command]) => {
      if (command === "version") return "v3.259.0\n";
      if (command === "plugin") return "[]";
      if (command === "stack") return JSON.stringify({ deployment: {} });
      const printed = Object.entries(config()).map(([key, value]) => {
        const fullKey = configKey(key);
        return [fullKey === key ? `${project}:${key}` : fullKey, { value, secret: true }];
      });
      return JSON.stringify(Object.fromEntries(printed));
    };
  }

  /** The command's exit code and output. */
  async function run(config: () => Record<string, string>, options: DoctorOptions) {
    const out = mock.method(console, "log", () => {});
    const err = mock.method(console, "error", () => {});
    try {
      const status = await doctor(pulumiWith(config), options);
      const text = (print: typeof out) => print.mock.calls.map(({ arguments: [line] }) => `${line}`);
      return { status, out: text(out), err: text(err) };
    } finally {
      out.mock.restore();
      err.mock.restore();
    }
  }

  const wrong = () => ({ ...lab.config, authentikToken: "wr0ng-token-of-authentik" });

  it("ends with 0 if everything passes", async () => {
    const { status, out } = await run(() => lab.config, {});
    assert.equal(status, 0, out.join("\n"));
    assert.match(out.join("\n"), / passed, 0 warned, 0 failed/);
  });

  it("ends with 1 if a check fails, and prints it", async () => {
    const { status, out } = await run(wrong, { json: true });
    assert.equal(status, 1);
    const { ok, findings } = JSON.parse(out.join("\n"));
    assert.equal(ok, false);
    const failed = findings.filter(({ level }: { level: string }) => level === "fail");
    assert.deepEqual(
      failed.map(({ check }: { check: string }) => check),
      ["authentik token"],
    );
  });

  it("waits until the fault is fixed, and prints what it waits for", async () => {
    let looks = 0;
    const { status, out, err } = await run(() => (++looks < 2 ? wrong() : lab.config), { wait: "60" });
    assert.equal(status, 0, out.join("\n"));
    assert.deepEqual(err, ["Waiting for: authentik token"]);
    assert.equal(looks, 2);
  });

  it("waits no longer than the given time", async () => {
    const { status, err } = await run(wrong, { wait: "1" });
    assert.equal(status, 1);
    assert.equal(err.length, 1);
  });

  it("refuses an invalid waiting time", async () => {
    await assert.rejects(run(wrong, { wait: "soon" }), /--wait takes a number of seconds/);
  });
});
