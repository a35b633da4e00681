import { isSwarm } from "../../../components/model/swarm";
import { dockerEndpointOf } from "../../../config/arguments";
import { messageOf } from "../../../providers/core/errors";
import { adviceFor } from "../../../providers/docker/swarm/reasons";
import {
  nodesOf,
  type ServiceState,
  type SwarmNode,
  serviceState,
} from "../../../providers/docker/swarm/tasks";
import { type Check, fail, pass, type Result, warn } from "../check";
import type { Subject } from "../subject";

/** The services of a stack in a swarm, with their tasks by node. */
export const servicesCheck: Check<Subject> = {
  name: "Services of the swarm",
  needs: ["Docker"],
  async look({ config, made: { services = [] } }) {
    if (!isSwarm(config.swarm) || services.length === 0) return undefined;
    const endpoint = dockerEndpointOf(config);
    const nodes = await nodesOf(endpoint);
    const results = await Promise.all(
      services.map(async (service): Promise<Result> => {
        try {
          return resultFor(service, await serviceState(endpoint, service));
        } catch (error) {
          return fail(messageOf(error), "Run pulumi refresh, then pulumi up, which creates it again.");
        }
      }),
    );
    return [...[...nodes.values()].flatMap(nodeResult), ...results];
  },
};

function nodeResult({ name, state, isReady, message }: SwarmNode): Result[] {
  if (isReady) return [];
  return [
    warn(
      `The node ${name} of the swarm is ${state}${message ? `: ${message}` : ""}.`,
      "Its tasks move to other nodes, if these suffice. Check the machine, or remove it from the swarm: docker node rm --force.",
    ),
  ];
}

function resultFor(service: string, state: ServiceState): Result {
  const { replicas = 0, tasks, update } = state;
  const current = tasks.filter(({ wanted }) => wanted === "running");
  const running = current.filter(({ state }) => state === "running");
  const places = current.map(({ node, state }) => `${state} on ${node || "no node"}`).sort();
  const found = `${service}: ${running.length} of ${replicas} tasks run${places.length > 0 ? ` (${places.join(", ")})` : ""}`;
  if (/paused/.test(update ?? "")) {
    return fail(`${found}. Its update is ${update}.`, `See docker service ps --no-trunc ${service}.`);
  }
  if (running.length >= replicas) return pass(found);
  const error = tasks.find((task) => task.error !== undefined)?.error;
  const said = `${found}${error ? `. The last failure: ${error}` : ""}.`;
  const commands = `See docker service ps --no-trunc ${service}, and docker service logs ${service}.`;
  const advice = [adviceFor(error ?? "", state), commands].filter(Boolean).join(" ");
  return running.length > 0 ? warn(said, advice) : fail(said, advice);
}
