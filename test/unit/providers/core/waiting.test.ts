import assert from "node:assert/strict";
import { suite, type TestContext, test } from "node:test";
import { waitUntilDone } from "../../../../providers/core/waiting";

/** Completes a wait of this many seconds at once, and returns its output on the console. */
async function waited(context: TestContext, seconds: number, limitSeconds: number): Promise<string[]> {
  context.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const told = context.mock.method(console, "log", () => {});
  const begun = Date.now();
  const done = waitUntilDone("it is not ready", limitSeconds, async () => {
    const passed = (Date.now() - begun) / 1000;
    if (passed >= seconds) return undefined;
    return passed < 60 ? "its worker has not begun" : "its worker has not ended";
  });
  let isOver = false;
  const ended = done.finally(() => {
    isOver = true;
  });
  ended.catch(() => {});
  while (!isOver) {
    context.mock.timers.tick(2000);
    await new Promise(setImmediate);
  }
  await done;
  return told.mock.calls.map(({ arguments: [line] }) => String(line));
}

suite("a long wait", () => {
  test("prints after 15 s what it waits for, once for each reason, and the time limit", async (context) => {
    assert.deepEqual(await waited(context, 300, 600), [
      "it is not ready (16 s of at most 600): its worker has not begun",
      "it is not ready (60 s of at most 600): its worker has not ended",
    ]);
  });

  test("that is short prints nothing", async (context) => {
    assert.deepEqual(await waited(context, 10, 600), []);
  });

  test("ends at its time limit, with the last reason", async (context) => {
    await assert.rejects(waited(context, 1000, 60), {
      name: "UserError",
      message: "it is not ready after 60 s: its worker has not ended",
    });
  });
});
