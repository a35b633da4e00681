import assert from "node:assert/strict";
import { it } from "node:test";
import { inspect } from "node:util";
import { replayStarts } from "./starts";

it("authentik answers during its start like the real one: with an empty database, again, without a worker, without redis", async () => {
  const outcomes = await replayStarts();
  assert.equal(new Set(outcomes.map(({ name }) => name)).size, 7);
  const unlike = outcomes.filter(({ isAlike }) => !isAlike);
  assert.equal(unlike.length, 0, inspect(unlike, { depth: 5 }));
});
