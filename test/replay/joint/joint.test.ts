import assert from "node:assert/strict";
import { it } from "node:test";
import { inspect } from "node:util";
import { replayJoint } from "./joint";

it("complete logins with both simulators end like those with the real servers", async () => {
  const outcomes = await replayJoint();
  const different = outcomes.filter(({ differences }) => differences.length > 0);
  assert.ok(outcomes.length > 0);
  assert.equal(
    different.length,
    0,
    inspect(
      different.map(({ exchange, differences }) => [exchange.file, exchange.case, differences]),
      { depth: 6 },
    ),
  );
});
