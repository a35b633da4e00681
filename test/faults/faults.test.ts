import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { CaseRunner, type Step } from "../../faults/cases";
import { faults } from "../../faults/faults";
import { Lab } from "../../faults/lab";

/** A few of the many cases that `npm run faults` tries: a step, the request that fails, and how it does. */
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

  for (const [step, request, title] of sample) {
    test(`in ${step}, ${request}: ${title}`, async () => {
      const fault = faults.findIndex((candidate) => candidate.title === title);
      const { struck, problems } = await runner.run({ step, at: request, fault });
      assert.equal(struck, request);
      assert.deepEqual(problems, []);
    });
  }
});
