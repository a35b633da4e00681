import { Cancelled } from "./ask";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const whatStays =
  "It removed what it had created, except a service account in authentik, which the next run uses.";

interface Steps {
  /** Runs a step, unless a signal has come. */
  run<Result>(step: () => Promise<Result>): Promise<Result>;
  /** Adds what removes the result of a step. */
  undoBy(undo: () => unknown): void;
}

/** Runs all steps. After a failure or a signal, removes their results, the last one first. */
export async function allOrNothing<Result>(write: (steps: Steps) => Promise<Result>): Promise<Result> {
  const undo: (() => unknown)[] = [];
  let stopped: string | undefined;
  // npm passes on the signal that the terminal has sent already, so a second one changes nothing.
  const stop = (signal: string) => {
    stopped ??= signal;
  };
  const requireGoing = () => {
    if (stopped !== undefined) throw new Error("stopped");
  };
  for (const signal of signals) process.on(signal, stop);
  try {
    const result = await write({
      run: async (step) => {
        requireGoing();
        return await step();
      },
      undoBy: (step) => undo.push(step),
    });
    requireGoing();
    return result;
  } catch (error) {
    // Ctrl-C in a terminal also ends the program of the current step, which then fails.
    const cancelled = stopped === undefined ? undefined : `${stopped} stopped this run.`;
    const left = await mistakesOf(undo.reverse());
    if (left.length > 0) {
      throw new Error(
        `${cancelled ?? reasonOf(error)}\nThe run could not remove everything that it had created. Remove the rest yourself:\n${left.join("\n")}`,
      );
    }
    throw cancelled === undefined ? error : new Cancelled(`${cancelled} ${whatStays}`);
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
}

/** A step that fails does not keep the others from running. */
async function mistakesOf(steps: readonly (() => unknown)[]): Promise<string[]> {
  const mistakes: string[] = [];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      mistakes.push(reasonOf(error));
    }
  }
  return mistakes;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
