import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Pace } from "../../../../providers/http/pace";

/** A server that gets as many requests at a time as the pace allows, and answers each in this time. */
function round(pace: Pace, milliseconds: number, isOverloaded = false): number {
  const answers = Array.from({ length: pace.atOnce }, () => pace.begin());
  for (const answered of answers) answered(milliseconds, isOverloaded);
  return pace.atOnce;
}

/** The number after each of several rounds. */
function rounds(pace: Pace, count: number, milliseconds: number): number[] {
  return Array.from({ length: count }, () => round(pace, milliseconds));
}

suite("the requests that a server gets at a time", () => {
  test("stay four where it takes as long for them as an authentik on two cores", () => {
    const pace = new Pace();
    assert.deepEqual(new Set(rounds(pace, 50, 680)), new Set([4]));
  });

  test("grow to a bound while it answers that many quickly", () => {
    const pace = new Pace();
    // In a round, only the last request counts, as it makes it full.
    assert.equal(rounds(pace, 400, 50).at(-1), 16);
  });

  test("do not grow where it gets them one at a time, however quick it is", () => {
    const pace = new Pace();
    for (let request = 0; request < 400; request += 1) pace.begin()(20, false);
    assert.equal(pace.atOnce, 4);
  });

  test("are halved once for all that fail together, and come back", () => {
    const pace = new Pace();
    rounds(pace, 400, 50);
    assert.equal(round(pace, 50, true), 8);
    assert.equal(round(pace, 50, true), 4);
    assert.equal(round(pace, 50, true), 2);
    assert.equal(round(pace, 50, true), 2);
    // No longer slow is enough for the usual number, and only quick answers for more.
    assert.equal(rounds(pace, 50, 1000).at(-1), 4);
    assert.equal(rounds(pace, 400, 50).at(-1), 16);
  });

  test("shrink where it is slow, as with bindings", () => {
    const pace = new Pace();
    assert.equal(round(pace, 11_000), 2);
  });
});
