import { createHash } from "node:crypto";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { DockerEndpoint } from "../../../providers/docker/endpoint";
import { stackLabel } from "../../../providers/docker/objects";
import { Rollout } from "../../../providers/docker/swarm/rollout";
import { specVariable } from "../../../providers/docker/swarm/tasks";
import type { Swarm } from "../../model/swarm";
import { type Recorded, recordedAs } from "../recorded";
import { mountType, type StackContext } from "../service";
import { askedLabels } from "./image";

type TaskSpec = docker.types.input.ServiceTaskSpec;
type ContainerSpec = docker.types.input.ServiceTaskSpecContainerSpec;

/** Values that the services of one stack share. */
export interface SwarmContext extends StackContext {
  readonly endpoint: DockerEndpoint;
  readonly prefix: string;
  readonly network: docker.Network;
  readonly swarm: Swarm;
  readonly platform: string | undefined;
  readonly pullImages: string | undefined;
  readonly own: pulumi.Output<Recorded[]>;
}

export interface SwarmService {
  readonly replicas: number;
  readonly image: pulumi.Input<string>;
  readonly environment: pulumi.Input<Record<string, pulumi.Input<string>>>;
  readonly secrets: docker.types.input.ServiceTaskSpecContainerSpecSecret[];
  readonly configs: docker.types.input.ServiceTaskSpecContainerSpecConfig[];
  readonly entrypoint?: string[] | undefined;
  readonly command: string[];
  readonly healthcheckTests: string[];
  readonly memoryMegabytes: number;
  readonly cpus: string | undefined;
  readonly mounts: readonly { source: string; target: string; readOnly?: boolean }[];
  readonly sharedMemoryMegabytes: number;
  readonly ports: readonly { internal: number; external: number }[];
  readonly dependsOn: pulumi.Resource[];
}

/** authentik's worker took up to 31 s to stop. At the end of the period, the provider's delete fails. */
const stopGrace = "1m30s";
const rolledOutWithinSeconds = 900;
/** A load balancer needs time to find a new server before the next old one stops. */
const pauseBetweenTasks = "15s";

/**
 * Creates a service and waits until all its tasks run. The spelling of each value is Docker's own, because another
 * one would show a difference at every `up`.
 */
export function runSwarmService(context: SwarmContext, name: string, service: SwarmService): Rollout {
  const { swarm } = context;
  const fullName = context.name(name);
  const template = taskTemplate(context, service);
  const spec = pulumi.unsecret(
    pulumi.output(identifying(context, service)).apply((settings) => hashOf(settings)),
  );
  const isServer = service.ports.length > 0;
  const update = {
    parallelism: 1,
    delay: isServer ? pauseBetweenTasks : "0s",
    monitor: "15s",
    maxFailureRatio: "0.0",
    // With host ports, the new task needs the port of the old one.
    order: swarm.publish === "host" && isServer ? "stop-first" : "start-first",
  };
  const created = new docker.Service(
    name,
    {
      name: fullName,
      labels: [...context.labels, ...askedLabels(context.pullImages)],
      taskSpec: {
        ...template,
        forceUpdate: context.own.apply((own) => forceUpdateFor(own, name)),
        containerSpec: {
          ...template.containerSpec,
          // Never another value: a change would replace the service.
          labels: [{ label: stackLabel, value: context.prefix }],
          env: pulumi
            .all([service.environment, spec])
            .apply(([variables, spec]) => ({ ...variables, [specVariable]: spec })),
        },
      },
      mode: { replicated: { replicas: service.replicas } },
      updateConfig: { ...update, failureAction: "rollback" },
      rollbackConfig: { ...update, failureAction: "pause" },
      endpointSpec: {
        mode: swarm.publish === "host" ? "dnsrr" : "vip",
        ports: service.ports.map(({ internal, external }) => ({
          targetPort: internal,
          publishedPort: external,
          protocol: "tcp",
          publishMode: swarm.publish,
        })),
      },
    },
    {
      parent: context.parent,
      provider: context.provider,
      deleteBeforeReplace: true,
      dependsOn: [...context.before, ...service.dependsOn],
    },
  );
  return new Rollout(
    `${name}-rollout`,
    {
      docker: context.endpoint,
      service: created.name,
      spec,
      replicas: service.replicas,
      waitSeconds: rolledOutWithinSeconds,
    },
    { parent: context.parent, dependsOn: [created] },
  );
}

function taskTemplate(
  { network, swarm, platform }: SwarmContext,
  service: SwarmService,
): TaskSpec & { containerSpec: ContainerSpec } {
  const [os, architecture] = platform?.split("/") ?? [];
  return {
    containerSpec: {
      image: service.image,
      commands: service.entrypoint,
      args: service.command,
      env: service.environment,
      secrets: service.secrets,
      configs: service.configs,
      capDrops: ["ALL"],
      stopGracePeriod: stopGrace,
      healthcheck: {
        tests: service.healthcheckTests,
        // A task serves, and an update continues, only after its first check. 12 failures outlast a short pause of the
        // database, which all replicas have at the same time.
        interval: "10s",
        timeout: "30s",
        retries: 12,
        startPeriod: "2m",
      },
      mounts: [
        {
          type: "tmpfs",
          target: "/dev/shm",
          tmpfsOptions: { sizeBytes: service.sharedMemoryMegabytes << 20 },
        },
        ...service.mounts.map(({ source, target, readOnly = true }) => ({
          type: mountType(source),
          source,
          target,
          readOnly,
        })),
      ],
    },
    logDriver: { name: "json-file", options: { "max-size": "10m", "max-file": "3" } },
    networksAdvanceds: [{ id: network.id }],
    placement: {
      constraints: swarm.constraints,
      prefs: swarm.spread.map((label) => `spread=${label}`),
      ...(os && architecture && { platforms: [{ os, architecture }] }),
    },
    resources: {
      limits: {
        memoryBytes: service.memoryMegabytes * 2 ** 20,
        ...(Number(service.cpus) > 0 && { nanoCpus: Math.round(Number(service.cpus) * 1e9) }),
      },
    },
    restartPolicy: { condition: "any", delay: "5s", maxAttempts: 0, window: "0s" },
  };
}

/** The task's settings without ids, which a preview does not know. */
function identifying({ swarm, platform }: SwarmContext, service: SwarmService) {
  const { dependsOn: _, replicas: __, secrets, configs, ports: ___, ...settings } = service;
  return {
    ...settings,
    secrets: secrets.map(({ secretName, fileName }) => ({ secretName, fileName })),
    configs: configs.map(({ configName, fileName }) => ({ configName, fileName })),
    constraints: swarm.constraints,
    spread: swarm.spread,
    platform,
  };
}

function hashOf(settings: unknown): string {
  return createHash("sha256").update(JSON.stringify(settings)).digest("hex").slice(0, 12);
}

const recordedService = z.looseObject({
  taskSpec: z.looseObject({
    forceUpdate: z.number().default(0),
    containerSpec: z.looseObject({
      env: z.record(z.string(), z.string()).default({}),
    }),
  }),
});

/**
 * Docker's counter that starts an update although the settings are the same. A service whose last rollout failed was
 * rolled back, but the state has the new settings. The counter makes the next `up` try again.
 */
export function forceUpdateFor(own: readonly Recorded[], name: string): number {
  const service = recordedService.safeParse(recordedAs(own, "docker:index/service:Service", name));
  if (!service.success) return 0;
  const { forceUpdate, containerSpec } = service.data.taskSpec;
  const spec = containerSpec.env[specVariable];
  const rolledOut = recordedAs(own, "docker:Rollout", `${name}-rollout`)?.spec;
  return spec === rolledOut ? forceUpdate : forceUpdate + 1;
}

const services = ["server", "worker", "more-workers"];

/** A number for the next attempt after a failed rollout. Undefined if none has failed. */
export function attemptAfterFailure(own: readonly Recorded[]): number | undefined {
  const attempts = services.flatMap((name) => {
    const recorded = recordedService.safeParse(recordedAs(own, "docker:index/service:Service", name));
    const next = forceUpdateFor(own, name);
    return recorded.success && next !== recorded.data.taskSpec.forceUpdate ? next : [];
  });
  return attempts.length > 0 ? Math.max(...attempts) : undefined;
}
