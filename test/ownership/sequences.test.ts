import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { runsAll } from "../tools/sample";
import { trySequences } from "./commands";
import { nothingTried, summaryOf } from "./sequence";
import { World } from "./world";

/** The same sequences in every run of the tests. `npm run faults` tries others. */
const seed = 16;
const sequences = runsAll ? 10 : 5;

let world: World;
before(async () => {
  world = await World.start();
});
after(() => world.stop());

it("random changes and runs lose nothing, take nothing and leave nothing open", async (context) => {
  // Output of resources on the console is not part of the report.
  context.mock.method(console, "log", () => {});
  const tried = nothingTried();
  const failure = await trySequences(world, tried, { seed, sequences });
  context.diagnostic(summaryOf(tried, seed));
  assert.equal(failure, undefined, failure);
  assert.ok(tried.compared > 0);
});
