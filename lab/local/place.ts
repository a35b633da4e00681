import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { labPaths } from "../../cli/paths";
import { isPortInUse } from "../docker/ports";

/** Ports of a clone's lab, and the prefix of its Docker object names. */
export const labPlace = z.object({
  authentikHttp: z.number(),
  authentikHttps: z.number(),
  proxmox: z.number(),
  /** Undefined for the usual one, from project and stack. */
  prefix: z.string().optional(),
});
export type LabPlace = z.output<typeof labPlace>;
export type PortOf = "authentikHttp" | "authentikHttps" | "proxmox";

export const usualPlace: LabPlace = { authentikHttp: 9000, authentikHttps: 9443, proxmox: 8006 };

/** The lab uses the next ports with the same last digit, which makes them recognizable. */
const stepBetweenPorts = 10;

/** The place of this clone's lab. A lab without a stored place has the usual one. */
export function placeOfLab(): LabPlace {
  if (!existsSync(labPaths.place)) return usualPlace;
  return labPlace.parse(JSON.parse(readFileSync(labPaths.place, "utf8")));
}

export function keepPlace(place: LabPlace): void {
  mkdirSync(dirname(labPaths.place), { recursive: true });
  writeFileSync(labPaths.place, `${JSON.stringify(place, undefined, 2)}\n`);
}

/** The same place with free ports, for each port that another program uses. */
export async function withFreePorts(
  place: LabPlace,
  isOurs: (port: PortOf) => Promise<boolean>,
  isInUse = isPortInUse,
): Promise<LabPlace> {
  const chosen = { ...place };
  for (const port of ["authentikHttp", "authentikHttps", "proxmox"] as const) {
    if (await isOurs(port)) continue;
    while (await isInUse(chosen[port])) {
      chosen[port] += stepBetweenPorts;
      if (chosen[port] > 65_535) throw new Error(`There is no free port from ${place[port]} on.`);
    }
  }
  return chosen;
}

/** One line for each port that differs from the tutorial. */
export function unusualPorts(place: LabPlace): string[] {
  const names: Record<PortOf, string> = {
    authentikHttp: "authentik's HTTP",
    authentikHttps: "authentik",
    proxmox: "Proxmox",
  };
  return (["authentikHttps", "authentikHttp", "proxmox"] as const)
    .filter((port) => place[port] !== usualPlace[port])
    .map((port) => `${names[port]} is on ${place[port]}, since port ${usualPlace[port]} is taken.`);
}
