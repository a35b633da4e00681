import { type Usage, watchProcesses } from "./processes";

/** Time and resources of a command. */
export interface Figures extends Usage {
  readonly seconds: number;
}

export async function figuresOf(action: () => Promise<unknown>): Promise<Figures> {
  const begun = performance.now();
  const usage = await watchProcesses(action);
  return { seconds: (performance.now() - begun) / 1000, ...usage };
}

/** The median. For an even number of values, the greater of the two middle ones. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
