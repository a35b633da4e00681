import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { trustedProxiesVariable } from "../model/proxies";
import { redisHost } from "./redis";
import { hideSecrets, type Variables } from "./secretVariables";
import { runService, type Service, type StackContext } from "./service";

export interface AuthentikSecrets {
  /** Signs authentik's sessions. */
  readonly secretKey: pulumi.Input<string>;
  /** Password of the PostgreSQL user. */
  readonly databasePassword: pulumi.Input<string>;
  /**
   * Password of redis, long and random: `docker inspect` shows its SHA-256. Without it, only the stack's internal network
   * protects redis.
   */
  readonly redisPassword?: pulumi.Input<string> | undefined;
  /**
   * First password of the administrator akadmin, used at the first start only. Set this and `bootstrapToken`, or
   * neither after authentik has started.
   */
  readonly bootstrapPassword?: pulumi.Input<string> | undefined;
  /** First API token of akadmin, used at the first start only. The key `tokenConfigKey` contains it too. */
  readonly bootstrapToken?: pulumi.Input<string> | undefined;
}

/** A directory of the Docker host, or a named volume, that is mounted in the containers. */
export interface Mount {
  /** The directory's absolute path, or the volume's name. */
  readonly source: string;
  /** Absolute path in the containers, e.g. `/templates` or `/certs`. */
  readonly target: string;
  /** Whether the mount is read-only. @default true */
  readonly readOnly?: boolean;
}

export interface AuthentikArgs {
  readonly image: pulumi.Input<string>;
  readonly backend: docker.Network;
  readonly frontend: docker.Network;
  readonly redis: boolean;
  readonly secrets: AuthentikSecrets;
  readonly bootstrapEmail: string;
  readonly database: { host: string; port: number; user: string; name: string };
  readonly data: docker.Volume;
  /** Directory of uploaded files in this version. */
  readonly dataFolder: string;
  readonly mounts: readonly Mount[];
  readonly trustedProxies: pulumi.Input<readonly string[]>;
  /** The public address, for versions that have this setting. */
  readonly baseUrl: pulumi.Input<string | undefined>;
  /** Whether the kernel of the Docker host has IPv6. By default, authentik listens on it. */
  readonly ipv6: boolean;
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
  readonly errorReporting: boolean;
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

/** User id in authentik's image. */
const authentikUser = "1000";
/**
 * The image (Dockerfile of 2026) links `/data/media` to this directory, and Docker copies the link into a new volume.
 * Without a mount, uploaded files would be lost with the container. Before 2025.12 it is the data directory.
 */
const linkedFolder = "/media";
const secretKeyFile = "/run/secrets/authentik-secret-key";
const databasePasswordFile = "/run/secrets/postgres-password";
const redisPasswordFile = "/run/secrets/redis-password";
const bootstrapPasswordFile = "/run/secrets/bootstrap-password";
const bootstrapTokenFile = "/run/secrets/bootstrap-token";
const workerScript = "/run/start/worker.sh";

/**
 * At the first start of an empty database, a blueprint reads the bootstrap values from the worker's environment. The
 * script exports them, which keeps them out of `docker inspect`.
 */
const startWorker = (exports: string) => `set -eu
${exports}AUTHENTIK_BOOTSTRAP_PASSWORD="$(cat ${bootstrapPasswordFile})"
AUTHENTIK_BOOTSTRAP_TOKEN="$(cat ${bootstrapTokenFile})"
export AUTHENTIK_BOOTSTRAP_PASSWORD AUTHENTIK_BOOTSTRAP_TOKEN
exec dumb-init -- ak worker
`;

/** Variables and script for a worker with bootstrap values. */
function bootstrapping(
  { environment, files }: Pick<Service, "environment" | "files">,
  { secrets: { bootstrapPassword, bootstrapToken }, bootstrapEmail }: AuthentikArgs,
  { files: furtherFiles, exports }: Variables,
): Partial<Service> {
  if (bootstrapPassword === undefined || bootstrapToken === undefined) return {};
  return {
    environment: pulumi.output(environment).apply((variables) => ({
      ...variables,
      AUTHENTIK_BOOTSTRAP_EMAIL: bootstrapEmail,
    })),
    files: {
      ...files,
      [bootstrapPasswordFile]: bootstrapPassword,
      [bootstrapTokenFile]: bootstrapToken,
      [workerScript]: exports?.apply(startWorker) ?? startWorker(""),
    },
    furtherFiles,
    entrypoint: ["/bin/sh", workerScript],
    command: [],
  };
}

/**
 * For a kernel without IPv6 (`ipv6.disable=1`): authentik 2026.5 and later exit with "os error 97" if they cannot
 * listen on `[::]`.
 */
const listenOnIpv4 = {
  AUTHENTIK_LISTEN__HTTP: "0.0.0.0:9000",
  AUTHENTIK_LISTEN__HTTPS: "0.0.0.0:9443",
  AUTHENTIK_LISTEN__METRICS: "0.0.0.0:9300",
};

/** If variables must be exported, a script starts the process. Otherwise the image's entry point does. */
function started(command: string, { files, exports }: Variables): Partial<Service> {
  const script = `/run/start/${command}.sh`;
  if (exports === undefined) return { command: [command] };
  const withScript = pulumi.all([files, exports]).apply(([files, exports]) => ({
    ...files,
    ...(exports && { [script]: `set -eu\n${exports}exec dumb-init -- ak ${command}\n` }),
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
  const { redisPassword } = args.redis ? args.secrets : {};
  const variables = hideSecrets(args.environment);
  const facts = pulumi.all([variables.environment, args.baseUrl, args.trustedProxies]);
  const environment = facts.apply(([extra, baseUrl, trusted]) => ({
    AUTHENTIK_POSTGRESQL__HOST: args.database.host,
    AUTHENTIK_POSTGRESQL__PORT: String(args.database.port),
    AUTHENTIK_POSTGRESQL__NAME: args.database.name,
    AUTHENTIK_POSTGRESQL__USER: args.database.user,
    AUTHENTIK_POSTGRESQL__PASSWORD: `file://${databasePasswordFile}`,
    AUTHENTIK_SECRET_KEY: `file://${secretKeyFile}`,
    AUTHENTIK_ERROR_REPORTING__ENABLED: String(args.errorReporting),
    AUTHENTIK_DISABLE_STARTUP_ANALYTICS: "true",
    ...(args.redis && { AUTHENTIK_REDIS__HOST: redisHost }),
    ...(redisPassword !== undefined && { AUTHENTIK_REDIS__PASSWORD: `file://${redisPasswordFile}` }),
    ...(baseUrl && { AUTHENTIK_WEB__BASE_URL: baseUrl }),
    ...(!args.ipv6 && listenOnIpv4),
    ...(trusted.length > 0 && { [trustedProxiesVariable]: trusted.join(",") }),
    ...extra,
  }));
  const files = {
    [secretKeyFile]: args.secrets.secretKey,
    [databasePasswordFile]: args.secrets.databasePassword,
    ...(redisPassword !== undefined && { [redisPasswordFile]: redisPassword }),
  };
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
