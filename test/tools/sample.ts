/**
 * `npm run test:all` runs every case. `npm test` runs a sample of the slow cases that differ little, and no
 * files `*.long.test.ts`.
 */
export const runsAll = process.env.TEST_ALL !== undefined;

/** The cases of this run: all, or those in the sample. */
export function sample<Case>(cases: readonly Case[], isInSample: (one: Case) => boolean): readonly Case[] {
  return runsAll ? cases : cases.filter(isInSample);
}

/** Defines tests that only `npm run test:all` runs. */
export function inFullRun(define: () => void): void {
  if (runsAll) define();
}
