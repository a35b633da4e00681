import * as pulumi from "@pulumi/pulumi";
import type { Rollout } from "../../../providers/docker/swarm/rollout";
import type { Mount } from "../authentik";
import {
  authentikUser,
  bootstrapFilesOf,
  environmentOf,
  type ProcessArgs,
  secretFilesOf,
  startScript,
  startWorker,
} from "../processes";
import { hideSecrets, secretVariableFiles, type Variables } from "../secretVariables";
import { configFile, type FilesContext, secretFile } from "./files";
import { runSwarmService, type SwarmContext, type SwarmService } from "./service";

interface SwarmAuthentikArgs extends ProcessArgs {
  readonly image: pulumi.Input<string>;
  readonly mounts: readonly Mount[];
  readonly memoryMegabytes: number;
  readonly cpus: string | undefined;
  readonly httpPort: number;
  readonly httpsPort: number;
}

/**
 * authentik's servers and workers. An upgrade goes through one server first, then the other servers, one worker and
 * the other workers. At the first start, one worker creates the default objects and the bootstrap user alone.
 */
export function runAuthentikInSwarm(
  context: SwarmContext & FilesContext,
  args: SwarmAuthentikArgs,
): Rollout[] {
  const variables = hideSecrets(args.environment);
  const secretsOf = (files: Record<string, pulumi.Input<string>>) =>
    Object.entries(files).map(([path, content]) => secretFile(context, path, content, authentikUser));
  const secrets = secretsOf({ ...secretFilesOf(args), ...secretVariableFiles(args.environment) });
  const script = (name: string, content: pulumi.Input<string>) => started(context, name, content);
  const common = {
    image: args.image,
    environment: environmentOf(args, variables),
    secrets,
    healthcheckTests: ["CMD", "ak", "healthcheck"],
    memoryMegabytes: args.memoryMegabytes,
    cpus: args.cpus,
    mounts: args.mounts,
    sharedMemoryMegabytes: 512,
    ports: [],
    dependsOn: [],
  } satisfies Partial<SwarmService>;

  const server = runSwarmService(context, "server", {
    ...common,
    ...(variables.exports
      ? script(
          "server",
          variables.exports.apply((exports) => startScript("server", exports)),
        )
      : { configs: [], command: ["server"] }),
    replicas: context.swarm.servers,
    ports: [
      { internal: 9000, external: args.httpPort },
      { internal: 9443, external: args.httpsPort },
    ],
  });
  const ofWorker = { ...common, ...workerProcess(args, variables, common, secretsOf, script) };
  const worker = runSwarmService(context, "worker", {
    ...ofWorker,
    replicas: 1,
    dependsOn: [server],
  });
  if (context.swarm.workers === 1) return [server, worker];
  const replicas = context.swarm.workers - 1;
  return [
    server,
    worker,
    runSwarmService(context, "more-workers", { ...ofWorker, replicas, dependsOn: [worker] }),
  ];
}

type Started = Pick<SwarmService, "configs" | "command" | "entrypoint">;

/** Starts a process by a script, which is a config of the swarm. */
function started(context: FilesContext, name: string, content: pulumi.Input<string>): Started {
  const path = `/run/start/${name}.sh`;
  return {
    configs: [configFile(context, path, content, authentikUser)],
    entrypoint: ["/bin/sh", path],
    command: [],
  };
}

function workerProcess(
  args: SwarmAuthentikArgs,
  { exports }: Variables,
  { environment, secrets }: Pick<SwarmService, "environment" | "secrets">,
  secretsOf: (files: Record<string, pulumi.Input<string>>) => SwarmService["secrets"],
  script: (name: string, content: pulumi.Input<string>) => Started,
): Started & Pick<SwarmService, "environment" | "secrets"> {
  const bootstrap = bootstrapFilesOf(args.secrets);
  if (bootstrap === undefined) {
    const process = exports
      ? script(
          "worker",
          exports.apply((lines) => startScript("worker", lines)),
        )
      : { configs: [], command: ["worker"] };
    return { ...process, environment, secrets };
  }
  return {
    ...script("worker", exports?.apply(startWorker) ?? startWorker("")),
    environment: pulumi.output(environment).apply((variables) => ({
      ...variables,
      AUTHENTIK_BOOTSTRAP_EMAIL: args.bootstrapEmail,
    })),
    secrets: [...secrets, ...secretsOf(bootstrap)],
  };
}
