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

/** What a stack is about to make: its objects' names, and what they are labelled with. */
export interface Wanted {
  readonly names: ReadonlySet<string>;
  /** What the volumes are labelled with. */
  readonly volumePrefix: string;
  readonly mark: string;
  /** Ids of everything in the stack's state. */
  readonly recordedIds: ReadonlySet<string>;
  /** The volume with the data, where nothing can begin without it, and why. */
  readonly needed?: { readonly volume: string; readonly why: string } | undefined;
}

/**
 * A run that was killed between Docker's work and the state's leaves a container or network behind, whose name
 * stands in the way of every later run: Docker's provider cannot take it over. What bears our mark and is not
 * in the state is removed, what is another's is left alone and told. A volume of this stack is used as it is: it
 * holds the data.
 */
export async function clearTheWay(docker: DockerEndpoint, wanted: Wanted): Promise<void> {
  // With mocks, as in a test of somebody's program, there is none, and whatever has no label would pass for ours.
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
    `Not made by this stack, but with names that it needs: ${listed}. They were left as they are. ` +
      `See what they are (${example}) and remove them, or use another stack name.`,
  );
}

/** The state does not tell it of a stack whose volumes stayed, or are on a host that is lost. */
function refuseWithout(needed: Wanted["needed"], present: readonly DockerObject[]): void {
  if (needed === undefined) return;
  if (present.some(({ kind, name }) => kind === "volume" && name === needed.volume)) return;
  throw new RunError(`The volume "${needed.volume}" is not on this Docker: ${needed.why}.`);
}
