import { z } from "zod";
import { UserError } from "../../providers/core/errors";
import { dockerEndpoint } from "../../providers/docker/endpoint";
import { nodesOf, serviceState } from "../../providers/docker/swarm/tasks";
import { ofKind, resourcesIn } from "../stack/state";
import type { Overview } from "./overview";

const named = z.object({ name: z.string() });
const leftovers = z.object({ docker: dockerEndpoint });

/** Adds the tasks of the stack's services by node. Only the swarm's manager knows them. */
export async function withTasks(overview: Overview, exported: unknown): Promise<Overview> {
  const state = resourcesIn(exported);
  const services = ofKind(state, "service:Service").map(({ inputs }) => named.parse(inputs).name);
  const [owner] = ofKind(state, "docker:Leftovers");
  if (services.length === 0 || owner === undefined) return overview;
  const { docker } = leftovers.parse(owner.inputs);
  try {
    const lists = services.map(async (service) => {
      const { tasks } = await serviceState(docker, service);
      return tasks
        .filter(({ wanted }) => wanted === "running")
        .map(({ node, state, isReachable }) => ({
          service,
          node: node || "no node",
          state: isReachable ? state : `${state} before the node was lost`,
        }));
    });
    const tasks = (await Promise.all(lists)).flat();
    const nodes = [...(await nodesOf(docker)).values()];
    return {
      ...overview,
      swarm: {
        tasks: tasks.sort((one, other) => orderOf(one).localeCompare(orderOf(other))),
        lostNodes: nodes.filter(({ isReady }) => !isReady).map(({ name, state }) => `${name} is ${state}`),
      },
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { ...overview, swarm: { tasks: [], lostNodes: [], unknown: error.message } };
  }
}

function orderOf({ node, service, state }: { node: string; service: string; state: string }): string {
  return `${node} ${service} ${state}`;
}
