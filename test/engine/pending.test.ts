import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { doctorContextOf } from "../../cli/doctor/context";
import { diagnose } from "../../cli/doctor/diagnose";
import { assertUnchanged, useEngine } from "./harness";
import { complete } from "./servers";

const attempts = 5;
const warning = /with 1 pending operations/;

describe("after a run that was killed while it created the realm", () => {
  const engine = useEngine();

  before(async () => {
    const { servers, stack } = engine;
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const before = servers.requests.length;
      const isAtRealm = () => servers.requests.slice(before).some((one) => one.includes("/access/domains"));
      await stack.killedWhen("up", isAtRealm, (run) => run.killCli());
      await stack.cancel().catch(() => {});
      if ((await stack.export()).includes('"pending_operations"')) return;
      // The kill came too late.
      await stack.destroy();
    }
  });

  async function advice(): Promise<string | undefined> {
    const findings = await diagnose(await doctorContextOf((args) => engine.stack.capture(args)));
    return findings.find(({ check }) => check === "Interrupted runs")?.advice;
  }

  it("the doctor names the fix, which ends Pulumi's warning", async () => {
    const { servers, stack } = engine;
    assert.match(String(await advice()), /^Run pulumi up, .* then pulumi refresh --clear-pending-creates/);
    assert.match(await stack.up(), warning);
    assert.deepEqual(await servers.inventory(), complete);
    await stack.refresh("--clear-pending-creates");
    const output = await stack.up();
    assertUnchanged(output);
    assert.doesNotMatch(output, warning);
    assert.equal(await advice(), undefined);
  });
});
