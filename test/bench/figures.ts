import { type Usage, watchProcesses } from "./processes";

/** What a command took. */
export interface Figures extends Usage {
  readonly seconds: number;
}

export async function figuresOf(action: () => Promise<unknown>): Promise<Figures> {
  const begun = performance.now();
  const usage = await watchProcesses(action);
  return { seconds: (performance.now() - begun) / 1000, ...usage };
}

/** The middle one; of an even number the greater of the two. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
