import type { ListrTask } from "listr2";
import type { SetupContext } from "../context";
import { ensureRunning } from "./background-server";
import { LabPulumi } from "./pulumi";
import { ensureLabSecrets } from "./secrets";
import { labPorts, proxmoxServer } from "./servers";

export const stackStep: ListrTask<SetupContext> = {
  title: "Pulumi stack with local state",
  task: async (context) => {
    await ensureLabSecrets();
    await new LabPulumi(context).prepareStack();
  },
};

export const serverSteps: ListrTask<SetupContext>[] = [
  {
    title: "Proxmox VE simulator",
    task: async (_context, task) => {
      const started = await ensureRunning(proxmoxServer(await ensureLabSecrets()));
      task.title = `Proxmox VE simulator on https://localhost:${labPorts.proxmox} (${started ? "started" : "running"})`;
    },
  },
];
