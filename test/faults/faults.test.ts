import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { CaseRunner, type Step } from "./cases";
import { InProcessEngine } from "./engine";
import { faults } from "./faults";
import { Lab } from "./lab";

/** A few of the many cases of `npm run faults`: a step, the failing request, and the fault. */
const sample: readonly [Step, string, string][] = [
  ["up", "POST /api/v3/providers/oauth2/", "cut JSON, after the server has acted"],
  ["up", "POST /api/v3/core/applications/", "an empty 405, after the server has acted"],
  ["up", "PUT /api2/json/access/acl", "killed after the server has acted"],
  ["up", "POST /api/v3/policies/bindings/", "reset after the server has acted"],
  ["up", "POST /api2/json/access/domains", "killed after the server has acted"],
  ["up", "POST /api2/json/access/openid/login", "killed after the server has acted"],
  ["change", "PUT /api2/json/access/domains/authentik", "a digest conflict"],
  ["destroy", "DELETE /api/v3/core/applications/proxmox/", "killed after the server has acted"],
];

suite("a request that fails", () => {
  let lab: Lab;
  let runner: CaseRunner;

  before(async () => {
    lab = await Lab.start();
    runner = await CaseRunner.on(lab);
  });
  after(() => lab?.stop());

  test("somebody's change of the realm between our read and our write stays, next to ours", async () => {
    const { servers, wire } = lab;
    const engine = new InProcessEngine(lab.config);
    await wire.repair();
    assert.equal(await engine.up(), undefined);
    let conflicts = 0;
    await wire.breakAt("PUT /api2/json/access/domains/authentik", {
      title: "somebody was quicker",
      async meet(exchange) {
        await servers.inProxmox("PUT", "/access/domains/authentik", { "acr-values": "gold" });
        const answer = await exchange.forward();
        if (answer.status === 500) conflicts++;
        exchange.reply(answer);
      },
    });
    assert.equal(await engine.up({ plain: { realmDefault: "true" }, secret: {} }), undefined);
    assert.equal(conflicts, 1);
    const realm = await servers.inProxmox("GET", "/access/domains/authentik");
    assert.deepEqual([realm["acr-values"], realm.default], ["gold", 1]);
    assert.equal(await engine.destroy(), undefined);
  });

  for (const [step, request, title] of sample) {
    test(`in ${step}, ${request}: ${title}`, async () => {
      const fault = faults.findIndex((candidate) => candidate.title === title);
      const { struck, problems } = await runner.run({ step, at: request, fault });
      assert.equal(struck, request);
      assert.deepEqual(problems, []);
    });
  }
});
