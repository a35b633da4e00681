import { dockerStep } from "../../lab/docker/steps";
import { forecastOf, whatIsBrought } from "../../lab/forecast";
import { imageSteps } from "../../lab/images/steps";
import { dockerPluginStep, pulumiCliStep } from "../../lab/toolchain/steps";
import type { SetupContext } from "../context";
import { runSteps } from "../steps";

/** Installs everything that the lab needs: the toolchain, Docker and the stack's images. */
export async function setup(): Promise<SetupContext> {
  const context: SetupContext = {};
  const forecast = forecastOf(await whatIsBrought());
  if (forecast !== "") console.log(`${forecast}\n`);
  await runSteps(context, [pulumiCliStep, dockerPluginStep, dockerStep, ...imageSteps]);
  return context;
}
