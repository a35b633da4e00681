import * as pulumi from "@pulumi/pulumi";
import type { DockerEndpoint } from "../../providers/docker/endpoint";
import {
  containersAndNetworks,
  type DockerObject,
  markLabel,
  remove,
  stackLabel,
  volumes,
} from "../../providers/docker/objects";
import { removeSwarmObjects, type SwarmObject, swarmObjects } from "../../providers/docker/swarm/objects";
import { stopContainers, stopServices } from "../../providers/docker/swarm/stop";
import { Refusal } from "./refusal";

/** The Docker objects that a stack is about to create: names and labels. */
interface Wanted {
  readonly names: ReadonlySet<string>;
  /** The label of the volumes. */
  readonly volumePrefix: string;
  readonly mark: string;
  /** Docker ids of all objects in the stack's state. */
  readonly recordedIds: ReadonlySet<string>;
  /** The data volume, if the stack must not start without it, and the reason. */
  readonly needed?: { readonly volume: string; readonly why: string } | undefined;
  /** Whether the stack runs in a swarm. */
  readonly inSwarm?: boolean;
  /** The services in the state of a stack that leaves its swarm. */
  readonly formerServices?: readonly string[];
}

type Present = DockerObject | SwarmObject;

/**
 * An interrupted `up` can leave a container or network that is not in the state. Its name then blocks every later
 * `up`. This function deletes objects with this stack's ownership mark, and reports other ones. It keeps volumes,
 * which hold the data.
 */
export async function clearTheWay(docker: DockerEndpoint, wanted: Wanted): Promise<void> {
  // Tests with Pulumi mocks have no mark. Every object without a label would then match.
  if (!wanted.mark) return;
  const isOurs = ({ kind, labels }: Present) =>
    kind === "volume" ? labels[stackLabel] === wanted.volumePrefix : labels[markLabel] === wanted.mark;
  const onDocker = [...(await containersAndNetworks(docker)), ...(await volumes(docker))];
  const inSwarm = wanted.inSwarm ? await swarmObjects(docker) : [];
  const concerns = (object: Present) =>
    wanted.names.has(object.name) || (object.kind !== "volume" && isOurs(object));
  const isRecorded = ({ id }: Present) => wanted.recordedIds.has(id);
  const present = onDocker.filter(concerns);
  const unrecorded = present.filter((object) => !isRecorded(object));
  // A refresh finds a service by its name, so a foreign one can be in the state.
  const services = inSwarm.filter(concerns);
  refuse([...unrecorded, ...services].filter((object) => !isOurs(object)));
  refuseWithout(wanted.needed, present);

  const leftovers = unrecorded.filter(({ kind }) => kind !== "volume");
  // A secret or config with another name may be the former one of a service: Pulumi deletes it after the update.
  const leftInSwarm = services.filter(
    (object) => !isRecorded(object) && (object.kind === "service" || wanted.names.has(object.name)),
  );
  await removeSwarmObjects(docker, leftInSwarm);
  await remove(docker, leftovers);
  for (const { kind, name } of [...leftInSwarm, ...leftovers]) {
    await pulumi.log.info(`The ${kind} "${name}", which an interrupted run left behind, was removed.`);
  }
  await stopFormer(docker, wanted, present.filter(isRecorded));
}

/**
 * Between one host and a swarm, the former containers or tasks hold the ports of the new ones. Pulumi deletes them
 * only at the end of the `up`.
 */
async function stopFormer(
  docker: DockerEndpoint,
  wanted: Wanted,
  recorded: readonly Present[],
): Promise<void> {
  const { inSwarm, formerServices = [] } = wanted;
  if (formerServices.length > 0) await stopServices(docker, formerServices, wanted.mark);
  if (inSwarm)
    await stopContainers(
      docker,
      recorded.filter(({ kind }) => kind === "container").map(({ id }) => id),
    );
}

function refuse(foreign: readonly Present[]): void {
  if (foreign.length === 0) return;
  const listed = foreign.map(({ kind, name }) => `the ${kind} "${name}"`).join(", ");
  const example = foreign.map(({ kind, name }) => `docker ${kind} inspect ${name}`)[0];
  throw new Refusal(
    `Docker objects of others have names that this stack needs: ${listed}. They stay unchanged. ` +
      `Check what they are (${example}), and remove them. Or use another stack name.`,
  );
}

/** The state lacks a volume that an earlier stack kept, or that is on a lost host. */
function refuseWithout(needed: Wanted["needed"], present: readonly Present[]): void {
  if (needed === undefined) return;
  if (present.some(({ kind, name }) => kind === "volume" && name === needed.volume)) return;
  throw new Refusal(`The volume "${needed.volume}" is not on this Docker: ${needed.why}.`);
}
