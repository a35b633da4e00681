import { dockerStep } from "../../lab/docker/steps";
import { imageSteps } from "../../lab/images/steps";
import type { SetupContext } from "../../lab/setup/context";
import { forecastOf, plannedInstallations } from "../../lab/setup/forecast";
import { runSteps } from "../../lab/setup/run-steps";
import { dockerPluginStep, pulumiCliStep } from "../../lab/toolchain/steps";

/** Installs everything that the lab needs: the toolchain, Docker and the stack's images. */
export async function setup(): Promise<SetupContext> {
  const context: SetupContext = {};
  const forecast = forecastOf(await plannedInstallations());
  if (forecast !== "") console.log(`${forecast}\n`);
  await runSteps(context, [pulumiCliStep, dockerPluginStep, dockerStep, ...imageSteps]);
  return context;
}
