import type * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import type { AuthentikStackArgs } from "../authentikStackArgs";
import { defaultImages } from "../images";
import { defaults } from "../model/defaults";
import { dataFolder, postgresMajorIn } from "../versions";
import { runAuthentik } from "./authentik";
import type { DockerHost } from "./docker";
import { plainHttp, trustedNetworks } from "./plainHttp";
import { ownDatabase, runDatabase } from "./postgres";
import type { ProcessArgs } from "./processes";
import { runRedis } from "./redis";
import type { Running } from "./running";

const postgresMegabytes = 512;
const redisMegabytes = 256;

/** What of a stack runs, and where its data are. */
export interface Ran {
  /** Values that change when the server starts again. */
  readonly runsOn: pulumi.Output<string>[];
  /** The volume with all of authentik's objects. */
  readonly database: docker.Volume | undefined;
  /** The name of the servers' service in a swarm. */
  readonly service?: pulumi.Output<string>;
}

/** The settings of authentik's processes that are the same on one host and in a swarm. */
export function processArgs(args: AuthentikStackArgs, running: Running): Omit<ProcessArgs, "trustedProxies"> {
  const { stack } = defaults;
  return {
    redis: args.redis ?? stack.redis,
    secrets: args.secrets,
    bootstrapEmail: args.bootstrapEmail ?? stack.bootstrapEmail,
    database: {
      host: args.externalDatabase?.host ?? ownDatabase.host,
      port: args.externalDatabase?.port ?? ownDatabase.port,
      user: args.externalDatabase?.user ?? ownDatabase.user,
      name: args.externalDatabase?.name ?? ownDatabase.name,
    },
    baseUrl: running.baseUrl,
    ipv6: args.ipv6 ?? stack.ipv6,
    environment: args.environment ?? {},
    errorReporting: args.errorReporting ?? stack.errorReporting,
  };
}

/** Whether the stack has values for the first start of an empty database. */
export function hasBootstrap({ secrets }: Pick<AuthentikStackArgs, "secrets">): boolean {
  return secrets.bootstrapPassword !== undefined && secrets.bootstrapToken !== undefined;
}

/** PostgreSQL, redis, authentik's server and worker as containers of one Docker host. */
export function runOnOneHost(
  host: DockerHost,
  args: AuthentikStackArgs,
  facts: {
    running: Running;
    expectedVersion: string;
    apiUrl: string;
    retainOnDelete: boolean;
    /** For warnings. */
    resource: pulumi.Resource;
  },
): Ran {
  const { running, retainOnDelete } = facts;
  const { postgres = defaultImages.postgres, redis: redisImage = defaultImages.redis } = args.images ?? {};
  const { stack } = defaults;
  const { redis = stack.redis, databaseVolume = stack.databaseVolume } = args;
  const { production = false, protectData = production } = args;
  const { bindAddress = stack.bindAddress, httpPort = stack.httpPort } = args;
  const http = plainHttp(
    host,
    {
      image: running.image,
      tls: args.tls !== undefined,
      bindAddress,
      httpBindAddress: args.httpBindAddress,
      httpPort,
      apiUrl: facts.apiUrl,
      production,
    },
    facts.resource,
  );
  const backend = host.network("backend", true);
  const frontend = host.network("frontend", false);
  const database = args.externalDatabase
    ? undefined
    : {
        image: host.image("postgres", postgres),
        volume: host.volume("database", databaseVolume, { protect: protectData, retainOnDelete }),
      };
  const cache = redis
    ? { image: host.image("redis", redisImage), volume: host.volume("redis-data", "redis") }
    : undefined;
  const authentik = {
    image: host.image("authentik", running.image),
    data: host.volume("authentik-data", "data", { retainOnDelete }),
  };
  const context = host.containers(
    {
      data: args.externalDatabase?.host ?? databaseVolume,
      authentik: running.version,
      postgres: database && postgresMajorIn(postgres),
    },
    {
      authentik: running.said,
      postgresImage: database && postgres,
      bootstraps: hasBootstrap(args),
      isLab: !retainOnDelete,
    },
  );
  const before = [
    ...(database
      ? [
          runDatabase(context, {
            ...database,
            network: backend,
            password: args.secrets.databasePassword,
            memoryMegabytes: postgresMegabytes,
          }),
        ]
      : []),
    ...(cache
      ? [
          runRedis(context, {
            ...cache,
            network: backend,
            memoryMegabytes: redisMegabytes,
            password: args.secrets.redisPassword,
          }),
        ]
      : []),
  ];
  const { server, worker } = runAuthentik(context, {
    ...authentik,
    ...processArgs(args, running),
    backend,
    frontend,
    dataFolder: dataFolder(facts.expectedVersion),
    mounts: args.mounts ?? [],
    memoryMegabytes: args.memoryMegabytes ?? stack.memoryMegabytes,
    cpus: args.cpus,
    startPeriod: running.startPeriod,
    trustedProxies: trustedNetworks(http, frontend, args.trustedProxies),
    bindAddress,
    httpBindAddress: http.apply(({ address }) => address),
    httpPort,
    httpsPort: args.httpsPort ?? stack.httpsPort,
    dependsOn: before,
  });
  return {
    runsOn: [server, worker, ...before].map(({ id }) => id),
    database: database?.volume,
  };
}
