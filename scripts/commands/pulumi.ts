import type { SetupContext } from "../context";
import { dockerStep } from "../docker/steps";
import { hasLab, LabPulumi } from "../lab/pulumi";
import { runSteps } from "../steps";
import { dockerPluginStep, pulumiCliStep } from "../toolchain/steps";

/** The Pulumi CLI on the lab's stack, for whatever `npm start` does not do. */
export async function pulumi(args: string[]): Promise<number> {
  if (!hasLab()) throw new Error("There is no lab here yet: run `npm start` first.");
  const context: SetupContext = {};
  await runSteps(context, [pulumiCliStep, dockerPluginStep, dockerStep]);
  return await new LabPulumi(context).passThrough(args);
}
