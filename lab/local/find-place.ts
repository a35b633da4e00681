import { existsSync } from "node:fs";
import { labPaths } from "../../cli/paths";
import { capture } from "../../cli/system/process";
import type { SetupContext } from "../setup/context";
import { isRunning } from "./background-server";
import { otherServers } from "./others";
import { keepPlace, type LabPlace, type PortOf, placeOfLab, withAll, withFreePorts } from "./place";
import { hasBeenUp, hasLab, usualPrefix } from "./pulumi";
import { ensureLabSecrets } from "./secrets";
import { authentikServer, proxmoxServer } from "./servers";

const dockerLimitMs = 15_000;

/** Selects free ports and names for this clone's lab. Existing ones stay. */
export async function findPlace(context: SetupContext): Promise<LabPlace> {
  const known = placeOfLab();
  const prefix = known.prefix ?? (await freePrefix(context));
  const wanted = context.all ? withAll(known) : known;
  const named = { ...wanted, ...(prefix !== undefined && { prefix }) };
  const place = await withFreePorts(named, (port) => isOurs(port, named, context));
  keepPlace(place);
  return place;
}

/** If another clone's lab on the same Docker has the usual names, this new lab gets different ones. */
async function freePrefix(context: SetupContext): Promise<string | undefined> {
  if (!context.docker || existsSync(labPaths.place) || hasLab() || hasBeenUp()) return undefined;
  const taken = new Set(await dockerNames(context.docker.host));
  const isFree = (prefix: string) => ![...taken].some((name) => name.startsWith(`${prefix}-`));
  if (isFree(usualPrefix)) return undefined;
  for (let number = 2; ; number++) {
    if (isFree(`${usualPrefix}${number}`)) return `${usualPrefix}${number}`;
  }
}

async function dockerNames(host: string): Promise<string[]> {
  const listings = [
    ["ps", "--all", "--format", "{{.Names}}"],
    ["volume", "ls", "--format", "{{.Name}}"],
    ["network", "ls", "--format", "{{.Name}}"],
  ];
  const printed = await Promise.all(listings.map((args) => docker(host, args)));
  return printed.flatMap((names) => names.split("\n"));
}

async function isOurs(port: PortOf, place: LabPlace, context: SetupContext): Promise<boolean> {
  if (port === "proxmox") return await isRunning(proxmoxServer(await ensureLabSecrets()));
  if (port === "backup" || port === "datacenter-manager") {
    const servers = await otherServers();
    const own = servers.find((server) => server.port === place[port]);
    return own !== undefined && (await isRunning(own));
  }
  if (!context.docker) return await isRunning(authentikServer({}));
  const args = ["ps", "--filter", `publish=${place[port]}`, "--format", "{{.Names}}"];
  const names = (await docker(context.docker.host, args)).split("\n");
  return names.some((name) => name.startsWith(`${place.prefix ?? usualPrefix}-`));
}

function docker(host: string, args: string[]): Promise<string> {
  return capture("docker", args, { env: { ...process.env, DOCKER_HOST: host }, timeoutMs: dockerLimitMs });
}
