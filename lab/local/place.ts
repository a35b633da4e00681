import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { labPaths } from "../../cli/paths";
import { isPortInUse } from "../docker/ports";

/** Where a clone's lab listens, and what the names of its Docker objects begin with. */
export const labPlace = z.object({
  authentikHttp: z.number(),
  authentikHttps: z.number(),
  proxmox: z.number(),
  /** Absent: the usual one, which is of project and stack. */
  prefix: z.string().optional(),
});
export type LabPlace = z.output<typeof labPlace>;
export type PortOf = "authentikHttp" | "authentikHttps" | "proxmox";

export const usualPlace: LabPlace = { authentikHttp: 9000, authentikHttps: 9443, proxmox: 8006 };

/** A taken port is left to its owner; the next ones end in the same digit, so that they are recognised. */
const stepBetweenPorts = 10;

/** Where this clone's lab is. One that was started before places were kept is at the usual one. */
export function placeOfLab(): LabPlace {
  if (!existsSync(labPaths.place)) return usualPlace;
  return labPlace.parse(JSON.parse(readFileSync(labPaths.place, "utf8")));
}

export function keepPlace(place: LabPlace): void {
  mkdirSync(dirname(labPaths.place), { recursive: true });
  writeFileSync(labPaths.place, `${JSON.stringify(place, undefined, 2)}\n`);
}

/** The same place, but for each port where something else than this lab listens the next free one. */
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

/** One line for each port that is not where the tutorial has it. */
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
