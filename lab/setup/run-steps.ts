import { Listr, type ListrTask, PRESET_TIMER } from "listr2";
import type { SetupContext } from "./context";

/** Runs steps in sequence and shows the time of each. Prints plain lines without a terminal. */
export async function runSteps(context: SetupContext, steps: ListrTask<SetupContext>[]): Promise<void> {
  const list = new Listr<SetupContext>(steps, {
    rendererOptions: { timer: PRESET_TIMER, collapseSkips: false },
    fallbackRendererOptions: { timer: PRESET_TIMER },
  });
  await list.run(context);
}
