import { dockerStep } from "./docker/steps";
import { imageSteps } from "./images/steps";
import { runSteps } from "./steps";
import { dockerPluginStep, pulumiCliStep } from "./toolchain/steps";

void runSteps({}, [pulumiCliStep, dockerPluginStep, dockerStep, ...imageSteps]).catch((e) => {
  console.error(e.message);
  process.exitCode = 1;
});
