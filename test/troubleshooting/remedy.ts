import type { Stack } from "./stack";

/** A row of docs/troubleshooting.md that the lab can show: a fault, and its advice. */
export interface Remedy {
  /** The start of the row. */
  readonly row: string;
  /** Before the first `up`. By default, everything is made, and only the proof of login is missing. */
  readonly isFirst?: true;
  /** Causes the fault. */
  readonly fault: (stack: Stack) => unknown;
  /** The command that shows it. @default up */
  readonly shownBy?: "refresh" | "destroy";
  /** Applies the advice of the row. */
  readonly advice: (stack: Stack) => unknown;
}

/** The advice of many rows: run `pulumi refresh`, then `pulumi up`. */
export const refreshed = async (stack: Stack): Promise<void> => {
  const failure = await stack.refresh();
  if (failure) throw failure;
};
