import type Docker from "dockerode";

/** The objects of a stack, according to Docker. */
export interface DockerInventory {
  containers: string[];
  volumes: string[];
  networks: string[];
}

export const nothing: DockerInventory = { containers: [], volumes: [], networks: [] };

export async function inventoryOf(docker: Docker, label: string): Promise<DockerInventory> {
  const filters = { label: [label] };
  const containers = await docker.listContainers({ all: true, filters });
  const { Volumes } = await docker.listVolumes({ filters });
  const networks = await docker.listNetworks({ filters });
  return {
    containers: containers.map(({ Names }) => Names[0]?.slice(1) ?? "").sort(),
    volumes: Volumes.map(({ Name }) => Name).sort(),
    networks: networks.map(({ Name }) => Name).sort(),
  };
}

/** Deletes what a failed or killed test left, in the order that Docker requires. */
export async function removeLeftovers(docker: Docker, label: string): Promise<void> {
  const { containers, volumes, networks } = await inventoryOf(docker, label);
  for (const name of containers) await docker.getContainer(name).remove({ force: true });
  for (const name of volumes) await docker.getVolume(name).remove();
  for (const name of networks) await docker.getNetwork(name).remove();
}
