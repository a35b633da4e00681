import { join } from "node:path";
import { SwarmLab } from "../e2e/swarm/lab";
import { type DockerResult, type Killing, killAt } from "./docker";
import { DockerWire } from "./docker-wire";

/**
 * Uses a real swarm of two nodes. It kills the real Pulumi CLI with SIGKILL at changes that the CLI requests from
 * the manager, then runs the CLI again.
 */
export async function killOnSwarm(
  isSelected: (one: Killing, index: number) => boolean,
  done: (result: DockerResult, total: number) => void,
): Promise<void> {
  let wire: DockerWire | undefined;
  const lab = await SwarmLab.start({
    workerNodes: 1,
    plain: { "authentikEnvironment.LAB_WORKER_DELAY": "0", "swarm.servers": "1" },
    viaSocket: async (manager) => {
      const socket = join(manager, "..", "wire.sock");
      wire = await DockerWire.to(manager, socket);
      return socket;
    },
  });
  try {
    // Pulumi's Docker provider fails to delete a service, secret or config that is gone, until a refresh.
    const place = { stack: lab.stack, look: () => lab.look(), again: { destroy: ["--refresh"] } };
    if (wire) await killAt(place, wire, isSelected, done);
  } finally {
    wire?.close();
    await lab.remove();
  }
}
