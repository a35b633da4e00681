import type { ListrTask } from "listr2";
import type { SetupContext } from "../setup/context";
import { ensureRunning } from "./background-server";
import { readConfig } from "./config-values";
import { configureLab } from "./configure";
import { findPlace } from "./find-place";
import { otherServers, productsOf } from "./others";
import { placeOfLab, unusualPorts } from "./place";
import { LabPulumi } from "./pulumi";
import { ensureLabSecrets } from "./secrets";
import { authentikServer, proxmoxServer } from "./servers";

export const placeStep: ListrTask<SetupContext> = {
  title: "Free ports",
  task: async (context, task) => {
    const place = await findPlace(context);
    const { authentikHttps, authentikHttp, proxmox } = place;
    const ports = `Ports ${authentikHttps} and ${authentikHttp} for authentik, ${proxmox} for Proxmox`;
    task.title = [ports, ...unusualPorts(place)].join("\n");
  },
};

export const stackStep: ListrTask<SetupContext> = {
  title: "Pulumi stack with local state",
  task: async (context) => {
    await ensureLabSecrets();
    await new LabPulumi(context).prepareStack();
  },
};

export const proxmoxStep: ListrTask<SetupContext> = {
  title: "Proxmox VE simulator",
  task: async (_context, task) => {
    const started = await ensureRunning(proxmoxServer(await ensureLabSecrets()));
    task.title = `Proxmox VE simulator on https://localhost:${placeOfLab().proxmox} (${started ? "started" : "running"})`;
  },
};

export const otherProductsStep: ListrTask<SetupContext> = {
  title: "Backup Server and Datacenter Manager simulators",
  enabled: () => productsOf().length > 0,
  task: async (_context, task) => {
    const servers = await otherServers();
    await Promise.all(servers.map(ensureRunning));
    task.title = servers.map(({ name, port }) => `${name.slice(4)} on https://localhost:${port}`).join("\n");
  },
};

export const configStep: ListrTask<SetupContext> = {
  title: "Credentials and addresses in the stack's config",
  task: async (context, task) => {
    const generated = await configureLab(new LabPulumi(context), context);
    if (generated.length > 0) task.title = `Credentials generated: ${generated.join(", ")}`;
  },
};

export const localAuthentikStep: ListrTask<SetupContext> = {
  title: "authentik simulator as a local process, instead of Docker",
  enabled: (context) => context.docker === undefined,
  task: async (context) => {
    await ensureRunning(authentikServer(await readConfig(new LabPulumi(context))));
  },
};
