import * as pulumi from "@pulumi/pulumi";
import { trustedProxiesVariable } from "../model/proxies";
import { redisHost } from "./redis";
import type { Variables } from "./secretVariables";

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

/** Settings of authentik's processes, the same on one host and in a swarm. */
export interface ProcessArgs {
  readonly redis: boolean;
  readonly secrets: AuthentikSecrets;
  readonly bootstrapEmail: string;
  readonly database: { host: string; port: number; user: string; name: string };
  readonly trustedProxies: pulumi.Input<readonly string[]>;
  /** The public address, for versions that have this setting. */
  readonly baseUrl: pulumi.Input<string | undefined>;
  /** Whether the kernel of the Docker host has IPv6. By default, authentik listens on it. */
  readonly ipv6: boolean;
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
  readonly errorReporting: boolean;
}

/** User id in authentik's image. */
export const authentikUser = "1000";
const secretKeyFile = "/run/secrets/authentik-secret-key";
const databasePasswordFile = "/run/secrets/postgres-password";
const redisPasswordFile = "/run/secrets/redis-password";
const bootstrapPasswordFile = "/run/secrets/bootstrap-password";
const bootstrapTokenFile = "/run/secrets/bootstrap-token";
export const workerScript = "/run/start/worker.sh";

/** Starts a process with variables that it cannot read from files. */
export function startScript(command: string, exports: string): string {
  return `set -eu\n${exports}exec dumb-init -- ak ${command}\n`;
}

/**
 * At the first start of an empty database, a blueprint reads the bootstrap values from the worker's environment. The
 * script exports them, which keeps them out of `docker inspect`.
 */
export const startWorker = (exports: string) => `set -eu
${exports}AUTHENTIK_BOOTSTRAP_PASSWORD="$(cat ${bootstrapPasswordFile})"
AUTHENTIK_BOOTSTRAP_TOKEN="$(cat ${bootstrapTokenFile})"
export AUTHENTIK_BOOTSTRAP_PASSWORD AUTHENTIK_BOOTSTRAP_TOKEN
exec dumb-init -- ak worker
`;

/**
 * For a kernel without IPv6 (`ipv6.disable=1`): authentik 2026.5 and later exit with "os error 97" if they cannot
 * listen on `[::]`.
 */
const listenOnIpv4 = {
  AUTHENTIK_LISTEN__HTTP: "0.0.0.0:9000",
  AUTHENTIK_LISTEN__HTTPS: "0.0.0.0:9443",
  AUTHENTIK_LISTEN__METRICS: "0.0.0.0:9300",
};

/** The variables of server and worker. Secret ones point to files. */
export function environmentOf(args: ProcessArgs, variables: Variables): Variables["environment"] {
  const { redisPassword } = args.redis ? args.secrets : {};
  const facts = pulumi.all([variables.environment, args.baseUrl, args.trustedProxies]);
  return facts.apply(([extra, baseUrl, trusted]) => ({
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
}

/** The secrets of server and worker, by their paths in the container. */
export function secretFilesOf(args: ProcessArgs): Record<string, pulumi.Input<string>> {
  const { redisPassword } = args.redis ? args.secrets : {};
  return {
    [secretKeyFile]: args.secrets.secretKey,
    [databasePasswordFile]: args.secrets.databasePassword,
    ...(redisPassword !== undefined && { [redisPasswordFile]: redisPassword }),
  };
}

/** The values for the first start of an empty database, by their paths. Undefined if they are not set. */
export function bootstrapFilesOf({
  bootstrapPassword,
  bootstrapToken,
}: AuthentikSecrets): Record<string, pulumi.Input<string>> | undefined {
  if (bootstrapPassword === undefined || bootstrapToken === undefined) return undefined;
  return { [bootstrapPasswordFile]: bootstrapPassword, [bootstrapTokenFile]: bootstrapToken };
}
