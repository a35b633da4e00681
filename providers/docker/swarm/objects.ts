import { setTimeout as sleep } from "node:timers/promises";
import { messageOf, UserError } from "../../core/errors";
import { callDocker } from "../api";
import type { DockerEndpoint } from "../endpoint";

/** Objects that exist once in a swarm, in the order in which Docker allows their deletion. */
const kinds = ["service", "secret", "config"] as const;
export type SwarmKind = (typeof kinds)[number];

export interface SwarmObject {
  readonly kind: SwarmKind;
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string | undefined>>;
}

interface Listed {
  readonly ID: string;
  readonly Spec: { readonly Name: string; readonly Labels?: SwarmObject["labels"] | null };
}

/** Every service, secret and config of the swarm. The endpoint must be a manager. */
export async function swarmObjects(endpoint: DockerEndpoint): Promise<SwarmObject[]> {
  const lists = await Promise.all(
    kinds.map(async (kind) =>
      (await callDocker<Listed[] | null>(endpoint, { url: `/${kind}s` }).catch(explained))?.map(
        ({ ID, Spec }) => ({ kind, id: ID, name: Spec.Name, labels: Spec.Labels ?? {} }),
      ),
    ),
  );
  return lists.flatMap((list) => list ?? []);
}

/** Whether Docker says that this host is not a manager of a swarm. The message also names the host. */
export function isNoManager(error: unknown): error is UserError {
  return (
    error instanceof UserError && /: This node is not (a swarm manager|part of a swarm)/.test(error.message)
  );
}

function explained(error: unknown): never {
  if (error instanceof UserError && /The swarm does not have a leader/.test(error.message)) {
    throw new UserError(
      `${error.message} More than half of the swarm's managers must be online. Start them. If they are lost, run docker swarm init --force-new-cluster on one that is left.`,
    );
  }
  if (!isNoManager(error)) throw error;
  throw new UserError(
    `${error.message} \`dockerHost\` must be a manager of the swarm: run docker swarm init there, or choose another node.`,
  );
}

/**
 * Deletes services before what they use.
 * @throws UserError if a service that stays uses one of the others
 */
export async function removeSwarmObjects(
  endpoint: DockerEndpoint,
  objects: readonly SwarmObject[],
): Promise<void> {
  for (const kind of kinds) {
    for (const { id, name } of objects.filter((object) => object.kind === kind)) {
      try {
        await callDocker(endpoint, { method: "delete", url: `/${kind}s/${id}` });
      } catch (error) {
        throw isInUse(error)
          ? new UserError(whyInUse(kind, name, messageOf(error)), { cause: error })
          : error;
      }
    }
  }
}

function isInUse(error: unknown): boolean {
  return /is in use by the following service/.test(messageOf(error));
}

/** A run that was interrupted between the new object and the services leaves the former one in use. */
function whyInUse(kind: string, name: string, said: string): string {
  return (
    `The ${kind} "${name}" cannot be created again, because services still use it: ${said} ` +
    "An earlier run was interrupted after it had created another one. Set the value of that run again and run pulumi up. " +
    "Then set this value and run pulumi up."
  );
}

const detachedWithinMilliseconds = 120_000;
const retryMilliseconds = 2_000;

/** An overlay network can be deleted only after the last task of a deleted service has stopped. */
export async function removeWhenUnused(endpoint: DockerEndpoint, network: string): Promise<void> {
  const deadline = Date.now() + detachedWithinMilliseconds;
  for (;;) {
    try {
      await callDocker(endpoint, { method: "delete", url: `/networks/${network}` });
      return;
    } catch (error) {
      if (!/in use by/.test(messageOf(error)) || Date.now() > deadline) throw error;
      await sleep(retryMilliseconds);
    }
  }
}
