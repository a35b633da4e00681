import * as pulumi from "@pulumi/pulumi";
import { RunError } from "@pulumi/pulumi";
import type { DockerEndpoint } from "../../providers/docker/endpoint";
import {
  containersAndNetworks,
  type DockerObject,
  markLabel,
  remove,
  stackLabel,
  volumes,
} from "../../providers/docker/objects";

/** The Docker objects that a stack is about to create: names and labels. */
export interface Wanted {
  readonly names: ReadonlySet<string>;
  /** The label of the volumes. */
  readonly volumePrefix: string;
  readonly mark: string;
  /** Docker ids of all objects in the stack's state. */
  readonly recordedIds: ReadonlySet<string>;
  /** The data volume, if the stack must not start without it, and the reason. */
  readonly needed?: { readonly volume: string; readonly why: string } | undefined;
}

/**
 * An interrupted `up` can leave a container or network that is not in the state. Its name then blocks every later
 * `up`. This function deletes objects with this stack's ownership mark, and reports other ones. It keeps volumes,
 * which hold the data.
 */
export async function clearTheWay(docker: DockerEndpoint, wanted: Wanted): Promise<void> {
  // Tests with Pulumi mocks have no mark. Every object without a label would then match.
  if (!wanted.mark) return;
  const isOurs = ({ kind, labels }: DockerObject) =>
    kind === "volume" ? labels[stackLabel] === wanted.volumePrefix : labels[markLabel] === wanted.mark;
  const present = [...(await containersAndNetworks(docker)), ...(await volumes(docker))].filter(
    (object) => wanted.names.has(object.name) || (object.kind !== "volume" && isOurs(object)),
  );
  const unrecorded = present.filter(({ id }) => !wanted.recordedIds.has(id));
  refuse(unrecorded.filter((object) => !isOurs(object)));
  refuseWithout(wanted.needed, present);
  const leftovers = unrecorded.filter(({ kind }) => kind !== "volume");
  await remove(docker, leftovers);
  for (const { kind, name } of leftovers) {
    await pulumi.log.info(`The ${kind} "${name}", which an interrupted run left behind, was removed.`);
  }
}

function refuse(foreign: readonly DockerObject[]): void {
  if (foreign.length === 0) return;
  const listed = foreign.map(({ kind, name }) => `the ${kind} "${name}"`).join(", ");
  const example = foreign.map(({ kind, name }) => `docker ${kind} inspect ${name}`)[0];
  throw new RunError(
    `Docker objects of others have names that this stack needs: ${listed}. They stay unchanged. ` +
      `See what they are (${example}) and remove them, or use another stack name.`,
  );
}

/** The state lacks a volume that an earlier stack kept, or that is on a lost host. */
function refuseWithout(needed: Wanted["needed"], present: readonly DockerObject[]): void {
  if (needed === undefined) return;
  if (present.some(({ kind, name }) => kind === "volume" && name === needed.volume)) return;
  throw new RunError(`The volume "${needed.volume}" is not on this Docker: ${needed.why}.`);
}
