import type { SetupContext } from "../context";
import { dockerStep } from "../docker/steps";
import { imageSteps } from "../images/steps";
import { runSteps } from "../steps";
import { dockerPluginStep, pulumiCliStep } from "../toolchain/steps";

/** Brings everything that the lab runs on: the tool chain, Docker and the stack's images. */
export async function setup(): Promise<SetupContext> {
  const context: SetupContext = {};
  await runSteps(context, [pulumiCliStep, dockerPluginStep, dockerStep, ...imageSteps]);
  return context;
}
