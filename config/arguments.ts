import * as pulumi from "@pulumi/pulumi";
import type { ExistingAuthentikArgs } from "../components/authentikServer";
import type { AuthentikStackArgs } from "../components/authentikStackArgs";
import { defaults } from "../components/model/defaults";
import { isSwarm } from "../components/model/swarm";
import type { DockerEndpoint } from "../providers/docker/endpoint";
import { ownPairOf } from "./clusters";
import type { StackConfig } from "./schema";

const secret = (value: string | undefined) => pulumi.secret(value ?? "");

/** The arguments of `AuthentikStack` from the configuration. */
export function stackArguments(config: StackConfig): AuthentikStackArgs {
  return {
    url: config.authentikUrl ?? "",
    secrets: {
      secretKey: secret(config.authentikSecretKey),
      databasePassword: secret(config.postgresPassword),
      ...(config.redisPassword && { redisPassword: secret(config.redisPassword) }),
      ...(config.authentikBootstrap && {
        bootstrapPassword: secret(config.authentikBootstrapPassword),
        bootstrapToken: secret(config.authentikToken),
      }),
    },
    tls: tlsArguments(config),
    apiUrl: config.authentikApiUrl,
    images: {
      ...(config.authentikImage && { authentik: config.authentikImage }),
      ...(config.postgresImage && { postgres: config.postgresImage }),
      ...(config.redisImage && { redis: config.redisImage }),
    },
    version: config.authentikVersion,
    redis: config.redis,
    ipv6: config.ipv6,
    bindAddress: config.bindAddress,
    httpBindAddress: config.httpBindAddress,
    httpPort: config.httpPort,
    httpsPort: config.httpsPort,
    bootstrapEmail: config.authentikBootstrapEmail,
    environment: config.authentikEnvironment,
    errorReporting: config.errorReporting,
    memoryMegabytes: config.memoryMegabytes,
    cpus: config.cpus,
    mounts: config.mounts,
    trustedProxies: config.trustedProxies,
    caCertificate: config.authentikCaCertificate,
    externalDatabase: config.postgresHost
      ? {
          host: config.postgresHost,
          port: config.postgresPort,
          user: config.postgresUser,
          name: config.postgresDatabase,
        }
      : undefined,
    docker: {
      ...dockerEndpointOf(config),
      platform: config.platform,
      pullImages: config.pullImages,
      subnets: config.dockerSubnets,
      ...(isSwarm(config.swarm) && { swarm: config.swarm }),
      registry: config.registryUsername
        ? {
            address: config.registryAddress ?? defaults.stack.registry,
            username: config.registryUsername,
            password: secret(config.registryPassword),
          }
        : undefined,
    },
    prefix: config.prefix,
    databaseVolume: config.databaseVolume,
    production: config.production,
  };
}

/**
 * If one variable is secret, Pulumi treats the whole map as secret. All variables then go into files of the
 * containers.
 */
export function withSecretVariables(args: AuthentikStackArgs): AuthentikStackArgs {
  const variables = Object.entries(args.environment ?? {});
  return {
    ...args,
    environment: Object.fromEntries(variables.map(([name, value]) => [name, pulumi.secret(value)])),
  };
}

/** The Docker endpoint from the configuration. */
export function dockerEndpointOf(config: StackConfig): DockerEndpoint {
  return {
    host: config.dockerHost,
    context: config.dockerContext,
    certPath: config.dockerCertPath,
    // Undefined instead of an empty list, as in the states of earlier versions.
    sshOptions: config.dockerSshOptions.length > 0 ? config.dockerSshOptions : undefined,
  };
}

function tlsArguments(config: StackConfig): AuthentikStackArgs["tls"] {
  const { tlsCertificatePath, tlsKeyPath, tlsCaCertificate } = config;
  if (tlsCertificatePath) return { ownPair: ownPairOf(tlsCertificatePath, tlsKeyPath, "tlsKey") };
  return tlsCaCertificate ? { caCertificate: tlsCaCertificate, caKeyConfigKey: "tlsCaKey" } : undefined;
}

/** The arguments of `existingAuthentik` from the configuration. */
export function existingArguments(config: StackConfig): ExistingAuthentikArgs {
  return {
    url: config.authentikUrl ?? "",
    apiUrl: config.authentikApiUrl,
    caCertificate: config.authentikCaCertificate,
    fingerprint: config.authentikFingerprint,
    ...(config.authentikVersion && { version: config.authentikVersion }),
  };
}
