import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Pace } from "../../../../providers/http/pace";

/** A server that receives as many requests at a time as the pace allows, and needs this time for each. */
function round(pace: Pace, milliseconds: number, isOverloaded = false): number {
  const answers = Array.from({ length: pace.atOnce }, () => pace.begin());
  for (const answered of answers) answered(milliseconds, isOverloaded);
  return pace.atOnce;
}

/** The limit after each of several rounds. */
function rounds(pace: Pace, count: number, milliseconds: number): number[] {
  return Array.from({ length: count }, () => round(pace, milliseconds));
}

suite("the limit of simultaneous requests to a server", () => {
  test("stays four if the server is as slow as an authentik on two cores", () => {
    const pace = new Pace();
    assert.deepEqual(new Set(rounds(pace, 50, 680)), new Set([4]));
  });

  test("grows to a maximum while the server answers that many quickly", () => {
    const pace = new Pace();
    // In a round, only the last request reaches the limit.
    assert.equal(rounds(pace, 400, 50).at(-1), 16);
  });

  test("does not grow if requests come one at a time, even if the server is fast", () => {
    const pace = new Pace();
    for (let request = 0; request < 400; request += 1) pace.begin()(20, false);
    assert.equal(pace.atOnce, 4);
  });

  test("is halved once for all simultaneous failures, and recovers", () => {
    const pace = new Pace();
    rounds(pace, 400, 50);
    assert.equal(round(pace, 50, true), 8);
    assert.equal(round(pace, 50, true), 4);
    assert.equal(round(pace, 50, true), 2);
    assert.equal(round(pace, 50, true), 2);
    // A normal speed restores the default, and only fast answers raise it further.
    assert.equal(rounds(pace, 50, 1000).at(-1), 4);
    assert.equal(rounds(pace, 400, 50).at(-1), 16);
  });

  test("shrinks if the server is slow, as with bindings", () => {
    const pace = new Pace();
    assert.equal(round(pace, 11_000), 2);
  });
});
