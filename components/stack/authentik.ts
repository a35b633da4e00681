import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import {
  authentikUser,
  bootstrapFilesOf,
  environmentOf,
  type ProcessArgs,
  secretFilesOf,
  startScript,
  startWorker,
  workerScript,
} from "./processes";
import { hideSecrets, type Variables } from "./secretVariables";
import { runService, type Service, type StackContext } from "./service";

/** A directory of the Docker host, or a named volume, that is mounted in the containers. */
export interface Mount {
  /** The directory's absolute path, or the volume's name. */
  readonly source: string;
  /** Absolute path in the containers, e.g. `/templates` or `/certs`. */
  readonly target: string;
  /** Whether the mount is read-only. @default true */
  readonly readOnly?: boolean;
  /** Whether every node of a swarm has the same files there, by a shared file system. @default false */
  readonly shared?: boolean;
}

interface AuthentikArgs extends ProcessArgs {
  readonly image: pulumi.Input<string>;
  readonly backend: docker.Network;
  readonly frontend: docker.Network;
  readonly data: docker.Volume;
  /** Directory of uploaded files in this version. */
  readonly dataFolder: string;
  readonly mounts: readonly Mount[];
  readonly memoryMegabytes: number;
  readonly cpus: string | undefined;
  /** Start period of the health checks. */
  readonly startPeriod: pulumi.Input<string>;
  readonly bindAddress: string;
  readonly httpBindAddress: pulumi.Input<string>;
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly dependsOn: pulumi.Resource[];
}

/**
 * The image (Dockerfile of 2026) links `/data/media` to this directory, and Docker copies the link into a new volume.
 * Without a mount, uploaded files would be lost with the container. Before 2025.12 it is the data directory.
 */
const linkedFolder = "/media";

/** Variables and script for a worker with bootstrap values. */
function bootstrapping(
  { environment, files }: Pick<Service, "environment" | "files">,
  { secrets, bootstrapEmail }: AuthentikArgs,
  { files: furtherFiles, exports }: Variables,
): Partial<Service> {
  const bootstrap = bootstrapFilesOf(secrets);
  if (bootstrap === undefined) return {};
  return {
    environment: pulumi.output(environment).apply((variables) => ({
      ...variables,
      AUTHENTIK_BOOTSTRAP_EMAIL: bootstrapEmail,
    })),
    files: {
      ...files,
      ...bootstrap,
      [workerScript]: exports?.apply(startWorker) ?? startWorker(""),
    },
    furtherFiles,
    entrypoint: ["/bin/sh", workerScript],
    command: [],
  };
}

/** If variables must be exported, a script starts the process. Otherwise the image's entry point does. */
function started(command: string, { files, exports }: Variables): Partial<Service> {
  const script = `/run/start/${command}.sh`;
  if (exports === undefined) return { command: [command] };
  const withScript = pulumi.all([files, exports]).apply(([files, exports]) => ({
    ...files,
    ...(exports && { [script]: startScript(command, exports) }),
  }));
  return {
    furtherFiles: withScript,
    entrypoint: exports.apply((exports) => (exports ? ["/bin/sh", script] : undefined)),
    command: exports.apply((exports) => (exports ? [] : [command])),
  };
}

/** authentik's server and worker, from one image. The worker creates the default objects and the bootstrap user. */
export function runAuthentik(
  context: StackContext,
  args: AuthentikArgs,
): { server: docker.Container; worker: docker.Container } {
  const common = {
    image: args.image,
    memoryMegabytes: args.memoryMegabytes,
    cpus: args.cpus,
    fileOwner: authentikUser,
    capabilities: [],
    healthcheck: {
      tests: ["CMD", "ak", "healthcheck"],
      interval: "30s",
      timeout: "30s",
      retries: 3,
      startPeriod: args.startPeriod,
    },
    // `Readiness` waits for the API and shows progress. The health check does neither.
    waitUntilHealthy: false,
    volumes: [...new Set([args.dataFolder, linkedFolder])].map((path) => ({ volume: args.data, path })),
    mounts: args.mounts,
    sharedMemoryMegabytes: 512,
    dependsOn: args.dependsOn,
  } satisfies Partial<Service>;
  const variables = hideSecrets(args.environment);
  const environment = environmentOf(args, variables);
  const files = secretFilesOf(args);
  const networks = (alias: string) => [
    { name: args.backend.name, aliases: [alias] },
    { name: args.frontend.name, aliases: [alias] },
  ];

  const server = runService(context, "server", {
    ...common,
    environment,
    files,
    ...started("server", variables),
    networks: networks("server"),
    ports: [
      { internal: 9000, external: args.httpPort, ip: args.httpBindAddress, protocol: "tcp" },
      { internal: 9443, external: args.httpsPort, ip: args.bindAddress, protocol: "tcp" },
    ],
  });
  const worker = runService(context, "worker", {
    ...common,
    environment,
    files,
    ...started("worker", variables),
    networks: networks("worker"),
    ...bootstrapping({ environment, files }, args, variables),
    // Docker copies the image's files into an empty volume, and fails if two containers start this at the same time.
    dependsOn: [...args.dependsOn, server],
  });
  return { server, worker };
}
