import { callDocker } from "../api";
import type { DockerEndpoint } from "../endpoint";

/**
 * Variable of a service's tasks: a hash of the settings that they were created with. A changed label of a container
 * would replace the service.
 */
export const specVariable = "PROXMOX_AUTHENTIK_SSO_SPEC";

/** One replica of a service on a node, current or past. */
export interface Task {
  readonly id: string;
  readonly state: string;
  readonly wanted: string;
  /** Number of the replica that this task is an attempt of. */
  readonly slot: number;
  readonly node: string;
  /** The node's address. Undefined if its manager does not know one that others can use. */
  readonly address: string | undefined;
  /** Whether its node is connected. The state of a task on another node is an old one. */
  readonly isReachable: boolean;
  /** The hash of its settings. */
  readonly spec: string | undefined;
  /** Why it failed, in Docker's words. */
  readonly error: string | undefined;
  readonly changed: string;
}

export interface ServiceState {
  /** The hash of the settings that the service has now. After a rollback, these are the previous ones. */
  readonly spec: string | undefined;
  readonly replicas: number | undefined;
  readonly image: string;
  /** Placement constraints. */
  readonly constraints: readonly string[];
  /** Published ports. */
  readonly ports: readonly number[];
  /** State of the last update: `updating`, `completed`, `paused`, `rollback_completed` … */
  readonly update: string | undefined;
  readonly updateMessage: string | undefined;
  readonly tasks: readonly Task[];
}

interface ContainerSpec {
  readonly Image: string;
  readonly Env?: readonly string[] | null;
}

function specOf({ Env }: ContainerSpec): string | undefined {
  const start = `${specVariable}=`;
  return Env?.find((variable) => variable.startsWith(start))?.slice(start.length);
}

interface ServiceAnswer {
  readonly Spec: {
    readonly TaskTemplate: {
      readonly ContainerSpec: ContainerSpec;
      readonly Placement?: { readonly Constraints?: readonly string[] | null };
    };
    readonly EndpointSpec?: { readonly Ports?: readonly { readonly PublishedPort?: number }[] | null };
    readonly Mode: { readonly Replicated?: { readonly Replicas?: number } };
  };
  readonly UpdateStatus?: { readonly State?: string; readonly Message?: string };
}

interface TaskAnswer {
  readonly ID: string;
  readonly NodeID?: string;
  readonly Slot?: number;
  readonly DesiredState: string;
  readonly Spec: { readonly ContainerSpec: ContainerSpec };
  readonly Status: {
    readonly State: string;
    readonly Timestamp: string;
    readonly Err?: string;
  };
}

/** The service with all its tasks that the manager remembers, newest first. */
export async function serviceState(endpoint: DockerEndpoint, service: string): Promise<ServiceState> {
  const filters = JSON.stringify({ service: { [service]: true } });
  const [{ Spec, UpdateStatus }, tasks, nodes] = await Promise.all([
    callDocker<ServiceAnswer>(endpoint, { url: `/services/${encodeURIComponent(service)}` }),
    callDocker<TaskAnswer[] | null>(endpoint, { url: "/tasks", params: { filters } }),
    nodesOf(endpoint),
  ]);
  return {
    spec: specOf(Spec.TaskTemplate.ContainerSpec),
    replicas: Spec.Mode.Replicated?.Replicas,
    image: Spec.TaskTemplate.ContainerSpec.Image,
    constraints: Spec.TaskTemplate.Placement?.Constraints ?? [],
    ports: (Spec.EndpointSpec?.Ports ?? []).flatMap(({ PublishedPort }) => PublishedPort ?? []),
    update: UpdateStatus?.State,
    updateMessage: UpdateStatus?.Message,
    tasks: (tasks ?? [])
      .map(({ ID, NodeID = "", Slot = 0, DesiredState, Spec: { ContainerSpec }, Status }) => ({
        id: ID,
        state: Status.State,
        wanted: DesiredState,
        slot: Slot,
        node: nodes.get(NodeID)?.name ?? NodeID,
        address: nodes.get(NodeID)?.address,
        isReachable: nodes.get(NodeID)?.isReady ?? true,
        spec: specOf(ContainerSpec),
        error: Status.Err || undefined,
        changed: Status.Timestamp,
      }))
      .sort((one, other) => other.changed.localeCompare(one.changed)),
  };
}

interface NodeAnswer {
  readonly ID: string;
  readonly Description?: { readonly Hostname?: string };
  readonly Status?: { readonly State?: string; readonly Addr?: string; readonly Message?: string };
}

/** A node of the swarm. Nodes can share a host name, so the name has the address then. */
export interface SwarmNode {
  readonly name: string;
  readonly address: string | undefined;
  readonly state: string;
  readonly isReady: boolean;
  readonly message: string | undefined;
}

/** The nodes by id. */
export async function nodesOf(endpoint: DockerEndpoint): Promise<Map<string, SwarmNode>> {
  const nodes = await callDocker<NodeAnswer[] | null>(endpoint, { url: "/nodes" });
  const hostOf = ({ ID, Description }: NodeAnswer) => Description?.Hostname ?? ID;
  const all = nodes ?? [];
  return new Map(
    all.map((node) => {
      const isShared = all.filter((other) => hostOf(other) === hostOf(node)).length > 1;
      const name = isShared ? `${hostOf(node)} (${node.Status?.Addr ?? node.ID})` : hostOf(node);
      const { State: state = "unknown", Message: message, Addr = "" } = node.Status ?? {};
      const address = /^(|0\.0\.0\.0|127\.0\.0\.1|::|::1)$/.test(Addr) ? undefined : Addr;
      return [node.ID, { name, address, state, isReady: state === "ready", message }];
    }),
  );
}
