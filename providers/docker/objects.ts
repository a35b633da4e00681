import { callDocker } from "./api";
import type { DockerEndpoint } from "./endpoint";
import { removeWhenUnused } from "./swarm/objects";

/** Label of every Docker object of a stack. It identifies the stack if the state is lost. */
export const stackLabel = "proxmox-authentik-sso.stack";
/** Label of containers and networks: a random value that is in the state before the first of them is created. */
export const markLabel = "proxmox-authentik-sso.mark";

/** Label of images that the lab builds to replace real ones: whether the software in it is a simulator. */
export const simulatedLabel = "proxmox-authentik-sso.simulated";

export interface DockerObject {
  readonly kind: "container" | "network" | "volume";
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string | undefined>>;
}

type Labels = DockerObject["labels"] | null;

/** Every container, including stopped ones, and every network of the host. */
export async function containersAndNetworks(endpoint: DockerEndpoint): Promise<DockerObject[]> {
  const [containers, networks] = await Promise.all([
    callDocker<{ Id: string; Names: string[]; Labels: Labels }[]>(endpoint, {
      url: "/containers/json",
      params: { all: true },
    }),
    callDocker<{ Id: string; Name: string; Labels: Labels }[]>(endpoint, { url: "/networks" }),
  ]);
  return [
    ...containers.map(({ Id, Names, Labels }) => ({
      kind: "container" as const,
      id: Id,
      name: Names[0]?.slice(1) ?? "",
      labels: Labels ?? {},
    })),
    ...networks.map(({ Id, Name, Labels }) => ({
      kind: "network" as const,
      id: Id,
      name: Name,
      labels: Labels ?? {},
    })),
  ];
}

export async function volumes(endpoint: DockerEndpoint): Promise<DockerObject[]> {
  const { Volumes } = await callDocker<{ Volumes: { Name: string; Labels: Labels }[] | null }>(endpoint, {
    url: "/volumes",
  });
  return (Volumes ?? []).map(({ Name, Labels }) => ({
    kind: "volume",
    id: Name,
    name: Name,
    labels: Labels ?? {},
  }));
}

/**
 * Deletes containers before networks, because a network in use cannot be deleted. Anonymous volumes are deleted with
 * their containers.
 */
export async function remove(endpoint: DockerEndpoint, objects: readonly DockerObject[]): Promise<void> {
  const idsOf = (kind: DockerObject["kind"]) =>
    objects.filter((object) => object.kind === kind).map(({ id }) => id);
  for (const id of idsOf("container")) {
    const params = { force: true, v: true };
    await callDocker(endpoint, { method: "delete", url: `/containers/${id}`, params });
  }
  for (const id of idsOf("network")) await removeWhenUnused(endpoint, id);
}
