import fc from "fast-check";
import { Sequence, type Tried } from "./sequence";
import { type Step, steps } from "./steps";
import type { World } from "./world";

/** A step as fast-check takes it. What it needs is looked up when it runs: one that finds nothing does nothing. */
class TakeStep implements fc.AsyncCommand<object, Sequence> {
  constructor(readonly step: Step) {}

  check(): boolean {
    return true;
  }

  async run(_model: object, sequence: Sequence): Promise<void> {
    await sequence.take(this.step);
  }

  toString(): string {
    return JSON.stringify(this.step);
  }
}

export interface Trial {
  readonly seed: number;
  readonly sequences: number;
  /** Ends after this time, in the middle of a sequence, where it is given. */
  readonly milliseconds?: number;
  /** The path of one sequence that failed, to run it again. */
  readonly path?: string | undefined;
}

const stepsAtMost = 14;

/** Random sequences until the time is over; what failed, if one did. */
export async function trySequences(world: World, tried: Tried, trial: Trial): Promise<string | undefined> {
  const { seed, sequences, milliseconds, path } = trial;
  const commands = fc.commands(
    steps.map((arbitrary) => arbitrary.map((step) => new TakeStep(step))),
    { maxCommands: stepsAtMost, size: "max" },
  );
  const property = fc.asyncProperty(commands, async (sequence) => {
    const real = await Sequence.start(world, tried);
    // Something has to be there before anything can happen to it.
    await real.take({ do: "up", stack: "first", refreshed: false });
    await fc.asyncModelRun(() => ({ model: {}, real }), sequence);
  });
  const details = await fc.check(property, {
    seed,
    numRuns: sequences,
    ...(milliseconds !== undefined && { interruptAfterTimeLimit: milliseconds }),
    // A sequence takes seconds, and each is short enough to be read.
    endOnFailure: true,
    ...(path && { path }),
  });
  if (!details.failed || details.interrupted) return undefined;
  const { errorInstance } = details;
  const reason = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  return `${reason}\n${fc.defaultReportMessage(details)}\nRun it again with --seed ${seed} --path ${details.counterexamplePath}.`;
}
