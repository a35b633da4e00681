import assert from "node:assert/strict";
import { test } from "node:test";
import { Limit } from "../../../../providers/core/limit";

test("calls run up to the limit at a time, the others wait in order, and a failure frees a slot", async () => {
  const limit = new Limit(2);
  const log: string[] = [];
  let running = 0;
  const work = (name: string) =>
    limit.run(async () => {
      running += 1;
      log.push(name);
      assert.ok(running <= 2, `${running} at a time`);
      await new Promise(setImmediate);
      running -= 1;
      if (name === "b") throw new Error("b fails");
    });
  const results = await Promise.allSettled(["a", "b", "c", "d", "e"].map(work));
  assert.deepEqual(log, ["a", "b", "c", "d", "e"]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ["fulfilled", "rejected", "fulfilled", "fulfilled", "fulfilled"],
  );
});

test("a higher limit starts waiting calls", async () => {
  let atOnce = 1;
  const limit = new Limit(() => atOnce);
  let running = 0;
  let most = 0;
  const work = () =>
    limit.run(async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise(setImmediate);
      running -= 1;
      atOnce = 3;
    });
  await Promise.all(Array.from({ length: 8 }, work));
  assert.equal(most, 3);
});
