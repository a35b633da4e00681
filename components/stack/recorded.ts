import { setTimeout as sleep } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { messageOf } from "../../providers/core/errors";
import { keyOn } from "../../providers/core/ownership";
import { isAsSaid } from "../../providers/core/versions";
import type { DataVersionsInputs } from "../../providers/docker/dataVersions";
import type { DockerEndpoint } from "../../providers/docker/endpoint";
import { stackLabel } from "../../providers/docker/objects";
import { postgresFlavourIn } from "../../providers/docker/upgrades";
import { authentikVersionIn, saidVersionIn } from "../versions";

/** A resource in the stack's state. */
export interface Recorded {
  readonly urn: string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

const answer = z.object({
  outputs: z.record(z.string(), z.looseObject({ outputs: z.record(z.string(), z.unknown()).default({}) })),
});

const labelled = z.looseObject({ labels: z.array(z.looseObject({ label: z.string(), value: z.string() })) });

/**
 * All resources in the stack's state. Pulumi's engine serves it to the program, also at preview. Empty before the
 * first `up`.
 */
export async function recordedResources(): Promise<Recorded[]> {
  const organization = organizationHere();
  if (organization === undefined) return [];
  const stackName = `${organization}/${pulumi.getProject()}/${pulumi.getStack()}`;
  const told = answer.safeParse(await whenWritten(() => readOutputs(stackName)));
  if (!told.success) return [];
  return Object.entries(told.data.outputs).map(([urn, { outputs }]) => ({ urn, outputs }));
}

function readOutputs(stackName: string): Promise<unknown> {
  return pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", { stackName });
}

const readAttempts = 20;
const pauseMilliseconds = 100;

/**
 * During an `up`, the engine writes the state. A local backend does not write it in one step, so a read at the same time
 * can find a part of the file, which is no valid JSON.
 */
export async function whenWritten<T>(read: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await read();
    } catch (error) {
      if (attempt === readAttempts || !/failed to load checkpoint/.test(messageOf(error))) throw error;
      await sleep(pauseMilliseconds);
    }
  }
}

/** Tests with Pulumi mocks may have no organization and no state. */
function organizationHere(): string | undefined {
  try {
    return pulumi.getOrganization();
  } catch {
    return undefined;
  }
}

export function idsIn(recorded: readonly Recorded[]): string[] {
  return recorded.map(({ outputs }) => String(outputs.id));
}

/** The services of a swarm. */
export function servicesIn(recorded: readonly Recorded[]): Recorded[] {
  return recorded.filter(({ urn }) => urn.includes("docker:index/service:Service::"));
}

/** The children of a resource: the type in their URN starts with the type of the parent. */
export function childrenOf(recorded: readonly Recorded[], parentUrn: string): Recorded[] {
  const start = `${parentUrn.split("::").slice(0, -1).join("::")}$`;
  return recorded.filter(({ urn }) => urn.startsWith(start));
}

/** The resource with this Pulumi type and name. */
export function recordedAs(
  recorded: readonly Recorded[],
  type: string,
  name: string,
): Recorded["outputs"] | undefined {
  return recorded.find(({ urn }) => urn.endsWith(`${type}::${name}`))?.outputs;
}

const role = z.looseObject({
  role: z.string(),
  proxmox: z.looseObject({ url: z.string() }),
  reused: z.boolean().default(false),
});

/** The Proxmox roles that this stack created, as keys of `keyOn`. */
export function rolesMadeBy(recorded: readonly Recorded[]): string[] {
  return recorded
    .filter(({ urn }) => urn.includes("/proxmox:Role::"))
    .flatMap(({ outputs }) => role.safeParse(outputs).data ?? [])
    .filter(({ reused }) => !reused)
    .map((made) => keyOn(made.proxmox, made.role));
}

/**
 * The prefix at the creation of the volumes. Docker cannot rename a volume, so it keeps the name after `pulumi stack
 * rename`, in another project, or with another `prefix`.
 */
export function volumePrefixIn(recorded: readonly Recorded[], prefix: string): string {
  const prefixes = ["database", "authentik-data", "redis-data"].flatMap((name) => {
    const volume = labelled.safeParse(recordedAs(recorded, "docker:index/volume:Volume", name));
    return volume.data?.labels.filter(({ label }) => label === stackLabel).map(({ value }) => value) ?? [];
  });
  return prefixes[0] ?? prefix;
}

/** The image name of a service. */
export function imageIn(recorded: readonly Recorded[], service: string): unknown {
  const onHost = recordedAs(recorded, "docker:index/remoteImage:RemoteImage", `${service}-image`)?.name;
  return onHost ?? (service === "authentik" ? imageInSwarm(recorded)?.split("@")[0] : undefined);
}

const inSwarm = z.looseObject({
  taskSpec: z.looseObject({ containerSpec: z.looseObject({ image: z.string() }) }),
});

/** authentik's image in a swarm, with its digest. */
export function imageInSwarm(recorded: readonly Recorded[]): string | undefined {
  const server = recordedAs(recorded, "docker:index/service:Service", "server");
  return inSwarm.safeParse(server).data?.taskSpec.containerSpec.image;
}

/** What the state records about the data. The rules check new versions against it. */
export function knownOfData(
  recorded: readonly Recorded[],
  { authentik, postgresImage, bootstraps, isLab, docker }: DataFacts,
): DataVersionsInputs["known"] {
  const ran = versionThatRan(recorded, authentik);
  if (postgresImage === undefined) return { isExternal: true, ...(ran && { ran }) };
  const container = recordedAs(recorded, "docker:index/container:Container", "postgres")?.name;
  const before = imageIn(recorded, "postgres");
  const hasVolume = recordedAs(recorded, "docker:index/volume:Volume", "database") !== undefined;
  // The volume of a production stack may exist although the state is lost.
  const begins = !hasVolume && (isLab || recordedAs(recorded, "docker:DataVersions", "data-versions"));
  return {
    flavourBefore: typeof before === "string" ? postgresFlavourIn(before) : undefined,
    flavour: postgresFlavourIn(postgresImage),
    ...(ran && { ran }),
    ...(typeof container === "string" && { database: { docker, container } }),
    ...(begins && !bootstraps && { cannotBegin }),
  };
}

/**
 * The version that the server reported for this data. Used if the configured version has no patch number and matches
 * its release.
 */
function versionThatRan(recorded: readonly Recorded[], said: string): string | undefined {
  const { version, revision = "" } = recordedAs(recorded, "authentik:Readiness", "readiness") ?? {};
  const { begun = "" } = recordedAs(recorded, "docker:DataVersions", "data-versions") ?? {};
  const ran = authentikVersionIn(String(version));
  if (ran === undefined || String(begun) > String(revision)) return undefined;
  const release = saidVersionIn(said);
  return /^\d+\.\d+$/.test(release) && isAsSaid(ran, release) ? authentikVersionIn(release) : ran;
}

export interface DataFacts {
  /** authentik's version, or an image whose tag contains it. */
  readonly authentik: string;
  readonly docker: DockerEndpoint;
  /** Undefined for an external database. */
  readonly postgresImage: string | undefined;
  /** Whether values for the first start of an empty database are set. */
  readonly bootstraps: boolean;
  /** Whether `pulumi destroy` deletes the data. */
  readonly isLab: boolean;
}

/** Why an empty database is refused. Continues after the name of the volume. */
export const cannotBegin =
  "the stack would start with an empty database. Without bootstrap values, authentik creates no administrator and no API token, " +
  "and anybody can set it up. Set `authentikBootstrap` to true and run npm run credentials " +
  "(in a program of your own: `secrets.bootstrapPassword` and `bootstrapToken`)";
