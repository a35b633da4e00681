import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { otherProducts } from "../../providers/accessControl/products";
import { type Case, CaseRunner, faultOf, type Step } from "./cases";
import { canMeet, faults } from "./faults";
import { Lab } from "./lab";

const steps: readonly Step[] = ["up", "change", "destroy"];

for (const product of ["backup", "datacenter-manager"] as const) {
  suite(`each call of a run for ${otherProducts[product].name} fails once`, () => {
    let lab: Lab;
    let runner: CaseRunner;

    before(async () => {
      lab = await Lab.start(product);
      runner = await CaseRunner.on(lab);
    });
    after(() => lab?.stop());

    /** Each call to this product, with the fault that is next among those that it can have. */
    function cases(step: Step): Case[] {
      const calls = (runner.requests.get(step) ?? []).filter((request) => request.includes(" /api2/"));
      return [...new Set(calls)].map((at, index) => {
        const possible = [...faults.keys()].filter((fault) => canMeet(faultOf({ fault }), at, product));
        return { step, at, fault: possible[(index * 5 + 1) % possible.length] ?? 0 };
      });
    }

    for (const step of steps) {
      test(`in ${step}`, async (context) => {
        const tried = cases(step);
        assert.ok(tried.some(({ at }) => !String(at).startsWith("GET ")));
        for (const one of tried) {
          const { problems } = await runner.run(one);
          assert.deepEqual(problems, [], `${one.at}: ${faultOf(one).title}`);
        }
        context.diagnostic(`${tried.length} calls`);
      });
    }
  });
}
