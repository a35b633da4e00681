import fc from "fast-check";
import { Sequence, type Tried } from "./sequence";
import { type Step, steps } from "./steps";
import type { World } from "./world";

/**
 * A step in the form of fast-check. It looks for its objects when it runs, and does nothing if there are
 * none.
 */
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
  /** The time limit, which can end a sequence in its middle. */
  readonly milliseconds?: number;
  /** The path of one sequence that failed, to run it again. */
  readonly path?: string | undefined;
}

const stepsAtMost = 14;

/** Runs random sequences until the time limit. Returns the failure, if any. */
export async function trySequences(world: World, tried: Tried, trial: Trial): Promise<string | undefined> {
  const { seed, sequences, milliseconds, path } = trial;
  const commands = fc.commands(
    steps.map((arbitrary) => arbitrary.map((step) => new TakeStep(step))),
    { maxCommands: stepsAtMost, size: "max" },
  );
  const property = fc.asyncProperty(commands, async (sequence) => {
    const real = await Sequence.start(world, tried);
    // Objects must exist before a step can change them.
    await real.take({ do: "up", stack: "first", refreshed: false });
    await fc.asyncModelRun(() => ({ model: {}, real }), sequence);
  });
  const { stackTraceLimit } = Error;
  // Pulumi stores a stack for each promise, which takes a tenth of the time.
  if (!path) Error.stackTraceLimit = 0;
  const details = await fc.check(property, {
    seed,
    numRuns: sequences,
    ...(milliseconds !== undefined && { interruptAfterTimeLimit: milliseconds }),
    // A sequence takes seconds, and a short one is easy to read.
    endOnFailure: true,
    ...(path && { path }),
  });
  Error.stackTraceLimit = stackTraceLimit;
  if (!details.failed || details.interrupted) return undefined;
  const { errorInstance } = details;
  const reason = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  return `${reason}\n${fc.defaultReportMessage(details)}\nRun it again with --seed ${seed} --path ${details.counterexamplePath}.`;
}
