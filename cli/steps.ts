import { Listr, type ListrTask, PRESET_TIMER } from "listr2";
import type { SetupContext } from "./context";

/** Runs steps one after the other, each with its time; plain lines where there is no terminal. */
export async function runSteps(context: SetupContext, steps: ListrTask<SetupContext>[]): Promise<void> {
  const list = new Listr<SetupContext>(steps, {
    rendererOptions: { timer: PRESET_TIMER, collapseSkips: false },
    fallbackRendererOptions: { timer: PRESET_TIMER },
  });
  await list.run(context);
}
