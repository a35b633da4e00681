import { rm } from "node:fs/promises";
import { dockerStep } from "../../lab/docker/steps";
import { stopServer } from "../../lab/local/background-server";
import { otherServers } from "../../lab/local/others";
import { hasLab, LabPulumi } from "../../lab/local/pulumi";
import { ensureLabSecrets } from "../../lab/local/secrets";
import { authentikServer, proxmoxServer } from "../../lab/local/servers";
import { localAuthentikStep, otherProductsStep, proxmoxStep } from "../../lab/local/steps";
import type { SetupContext } from "../../lab/setup/context";
import { runSteps } from "../../lab/setup/run-steps";
import { dockerPluginStep, pulumiCliStep } from "../../lab/toolchain/steps";
import { labDir } from "../paths";

/** Destroys what `npm start` created. Keeps what could not be destroyed, for another attempt. */
export async function stop(): Promise<number> {
  if (hasLab()) {
    const context: SetupContext = {};
    // The servers must run, because the stack's objects are removed from them.
    const steps = [
      pulumiCliStep,
      dockerPluginStep,
      dockerStep,
      proxmoxStep,
      otherProductsStep,
      localAuthentikStep,
    ];
    await runSteps(context, steps);
    const status = await new LabPulumi(context).passThrough(["destroy", "--yes", "--skip-preview"]);
    if (status !== 0) {
      console.error(
        "The stack could not be destroyed completely: Pulumi's messages above say why. Nothing else was removed.",
      );
      return status;
    }
  }
  const proxmox = proxmoxServer(await ensureLabSecrets());
  for (const server of [proxmox, ...(await otherServers()), authentikServer({})]) {
    if (await stopServer(server)) console.log(`${server.name} stopped.`);
  }
  await rm(labDir, { recursive: true, force: true });
  console.log("The lab is gone. The tool chain stays in the cache for the next start.");
  return 0;
}
