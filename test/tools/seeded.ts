import fc from "fast-check";

/**
 * How a random test runs: with the same values each time, so that a failure comes again. `TEST_SEED` takes other values;
 * `npm run unit` tries a tenth of them.
 */
export function seeded(numRuns = 100): { seed: number; numRuns: number } {
  const { TEST_SEED = "20261130", TEST_QUICK } = process.env;
  return { seed: Number(TEST_SEED), numRuns: TEST_QUICK ? Math.ceil(numRuns / 10) : numRuns };
}

/** `fc.string({ unit: "binary" })` without the seconds it takes to list all characters first. */
export const anyText = fc.string({
  unit: fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code)),
});
