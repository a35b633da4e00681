import { configureLab } from "../lab/configure";
import { requireFreePorts } from "../lab/free-ports";
import { LabPulumi } from "../lab/pulumi";
import { serverSteps, stackStep } from "../lab/steps";
import { printSummary } from "../lab/summary";
import { runSteps } from "../steps";
import { setup } from "./setup";

/** From an empty machine to a proved login: set-up, lab servers, stack, `pulumi up`, summary. */
export async function start(): Promise<number> {
  const begun = Date.now();
  const context = await setup();
  await requireFreePorts(context);
  await runSteps(context, [stackStep, ...serverSteps]);
  const pulumi = new LabPulumi(context);
  await configureLab(pulumi, context);
  console.log(`Set-up took ${seconds(begun)} s. Now pulumi up:`);
  const status = await pulumi.passThrough(["up", "--yes", "--skip-preview", "--continue-on-error"]);
  if (status !== 0) {
    console.error(
      "pulumi up failed: its messages above say why. What was made is kept; run `npm start` again to go on.",
    );
    return status;
  }
  await printSummary(pulumi);
  console.log(`Total time: ${seconds(begun)} s`);
  return 0;
}

function seconds(begun: number): string {
  return ((Date.now() - begun) / 1000).toFixed(1);
}
