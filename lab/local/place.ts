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
  /** Only in a lab that was started with `--all`. */
  backup: z.number().optional(),
  "datacenter-manager": z.number().optional(),
  /** Undefined for the usual one, from project and stack. */
  prefix: z.string().optional(),
});
export type LabPlace = z.output<typeof labPlace>;
export type PortOf = Exclude<keyof LabPlace, "prefix">;
export const otherPorts = ["backup", "datacenter-manager"] as const;

export const usualPlace: LabPlace = { authentikHttp: 9000, authentikHttps: 9443, proxmox: 8006 };

/** The same place with ports for all products. */
export function withAll(place: LabPlace): LabPlace {
  return { backup: 8007, "datacenter-manager": 8443, ...place };
}

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
  for (const port of ["authentikHttp", "authentikHttps", "proxmox", ...otherPorts] as const) {
    let number = chosen[port];
    if (number === undefined || (await isOurs(port))) continue;
    while (await isInUse(number)) {
      number += stepBetweenPorts;
      if (number > 65_535) throw new Error(`There is no free port from ${place[port]} on.`);
    }
    chosen[port] = number;
  }
  return chosen;
}

/** One line for each port that differs from the tutorial. */
export function unusualPorts(place: LabPlace): string[] {
  const names: Record<PortOf, string> = {
    authentikHttp: "authentik's HTTP",
    authentikHttps: "authentik",
    proxmox: "Proxmox",
    backup: "Backup Server",
    "datacenter-manager": "Datacenter Manager",
  };
  const usual = withAll(usualPlace);
  return (["authentikHttps", "authentikHttp", "proxmox", ...otherPorts] as const)
    .filter((port) => place[port] !== undefined && place[port] !== usual[port])
    .map((port) => `${names[port]} is on ${place[port]}, since port ${usual[port]} is taken.`);
}
