import fc from "fast-check";
import { runsAll } from "./sample";

/**
 * How a random test runs: with the same values each time, which makes a failure repeatable. `TEST_SEED`
 * selects other values. `npm run test:all` tries all of them, `npm test` a third, and `npm run unit` a
 * tenth.
 */
export function seeded(numRuns = 100): { seed: number; numRuns: number } {
  const { TEST_SEED = "20261130", TEST_QUICK } = process.env;
  const part = runsAll ? 1 : TEST_QUICK ? 10 : 3;
  return { seed: Number(TEST_SEED), numRuns: Math.ceil(numRuns / part) };
}

/** `fc.string({ unit: "binary" })` without the seconds that it needs to list all characters. */
export const anyText = fc.string({
  unit: fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code)),
});
