import { LabPulumi } from "../../lab/local/pulumi";
import {
  configStep,
  localAuthentikStep,
  otherProductsStep,
  placeStep,
  proxmoxStep,
  stackStep,
} from "../../lab/local/steps";
import { printSummary } from "../../lab/local/summary";
import { runSteps } from "../../lab/setup/run-steps";
import { setup } from "./setup";

/** From an empty machine to a proved login: set-up, lab servers, stack, `pulumi up`, summary. */
export async function start({ all = false }: { all?: boolean } = {}): Promise<number> {
  const begun = Date.now();
  const context = { ...(await setup()), all };
  await runSteps(context, [placeStep, stackStep, proxmoxStep]);
  // Which servers the lab has depends on its place.
  await runSteps(context, [otherProductsStep, configStep, localAuthentikStep]);
  console.log(`Set-up took ${secondsSince(begun)} s. Now pulumi up:\n`);
  const pulumi = new LabPulumi(context);
  const status = await pulumi.passThrough([
    "up",
    "--yes",
    "--skip-preview",
    "--continue-on-error",
    "--suppress-outputs",
  ]);
  if (status !== 0) {
    console.error(
      "pulumi up failed: its messages above say why. Everything that was created stays; `npm start` continues from there.",
    );
    return status;
  }
  await printSummary(pulumi);
  console.log(`Total time: ${secondsSince(begun)} s`);
  return 0;
}

function secondsSince(begun: number): string {
  return ((Date.now() - begun) / 1000).toFixed(1);
}
