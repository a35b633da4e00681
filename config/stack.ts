import { resolveDeployed, resolveExisting } from "../components/model/authentik";
import type { Mistake, Resolution } from "../components/model/mistakes";
import type { Authentik, Sso } from "../components/model/resolved";
import { resolveSso } from "../components/model/sso";
import { UserError } from "../providers/core/errors";
import { dockerAddress } from "../providers/docker/endpoint";
import { dockerEndpointOf, existingArguments, stackArguments } from "./arguments";
import { type Cluster, clustersOf } from "./clusters";
import { type ConfigMistake, missing } from "./rules";
import type { StackConfig } from "./schema";
import { sharedNames } from "./unique";

/** Everything that the config of a stack describes. */
export interface Stack {
  readonly config: StackConfig;
  readonly authentik: Authentik;
  readonly clusters: readonly ResolvedCluster[];
  /** Texts that the user encrypted, in addition to the credentials. */
  readonly secretTexts: readonly string[];
  readonly hasSecretEnvironment: boolean;
  /** Warning about a valid config that may not do what the user expects. */
  readonly warning: string | undefined;
}

/** One Proxmox VE, node or cluster. */
export interface ResolvedCluster extends Sso {
  /** The config key of an argument: `proxmoxCa` for `proxmox.caCertificate`. */
  readonly key: Cluster["key"];
}

/** Resolves the valid parts of the stack's config, and reports all mistakes. */
export function resolveStack(
  config: StackConfig,
  isSet: (credential: string) => boolean,
): {
  stack: Omit<Stack, "secretTexts" | "hasSecretEnvironment" | "warning"> | undefined;
  mistakes: readonly ConfigMistake[];
} {
  const authentik = resolveAuthentik(config);
  const clusters = clustersOf(config).map((cluster) => ({
    cluster,
    found: resolveSso(cluster.name, cluster.options, authentik.resolved),
  }));
  const resolved = clusters.flatMap(({ cluster: { key }, found }) =>
    found.resolved ? [{ ...found.resolved, key }] : [],
  );
  const mistakes = [
    ...missing(config),
    ...authentik.mistakes.map(({ path, message }) => ({ key: keyOfAuthentik(path), message })),
    ...clusters.flatMap(({ cluster, found }) => [
      ...cluster.unknown.map((option) => ({
        key: `clusters.${cluster.name}.${option}`,
        message: "is not a configuration key of this program",
      })),
      ...credentials(cluster, isSet),
      ...found.mistakes.map((mistake) => mistakeIn(cluster, mistake)),
    ]),
    ...sharedNames(resolved),
  ];
  const stack = authentik.resolved && { config, authentik: authentik.resolved, clusters: resolved };
  return { stack, mistakes: [...new Map(mistakes.map((one) => [JSON.stringify(one), one])).values()] };
}

export function resolveAuthentik(config: StackConfig): Resolution<Authentik> {
  return config.deployAuthentik
    ? resolveDeployed(stackArguments(config), dockerHostIn(config))
    : resolveExisting(existingArguments(config));
}

/** Undefined if the Docker context does not exist. The doctor and `pulumi up` report that. */
export function dockerHostIn(config: StackConfig): string | undefined {
  try {
    return dockerAddress(dockerEndpointOf(config)).host;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

function credentials(
  { options, tokenKey, passwordKey, key }: Cluster,
  isSet: (credential: string) => boolean,
): ConfigMistake[] {
  const login = Object(Object(options).proxmox).login;
  const [needed, message] = login
    ? [passwordKey, `${key("proxmox.login.username")} requires it`]
    : [tokenKey, "create an API token on Proxmox; docs/your-servers.md has the pveum commands"];
  return isSet(needed) ? [] : [{ key: needed, message: `is missing: ${message}` }];
}

function mistakeIn({ key }: Cluster, { path, message }: Mistake): ConfigMistake {
  const [, ofAuthentik] = /^authentik\.(.+)$/.exec(path) ?? [];
  const place = ofAuthentik ? keyOfAuthentik(ofAuthentik) : key(path);
  return { key: place, message: message.replace("<key>", place) };
}

const keysOfAuthentik: Readonly<Record<string, keyof StackConfig>> = {
  url: "authentikUrl",
  apiUrl: "authentikApiUrl",
  version: "authentikVersion",
  "images.authentik": "authentikImage",
  environment: "authentikEnvironment",
  externalDatabase: "postgresHost",
  "docker.swarm": "swarm",
  "docker.subnets": "dockerSubnets",
};

function keyOfAuthentik(path: string): string {
  return keysOfAuthentik[path] ?? path;
}
