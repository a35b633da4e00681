import { authentikVersions } from "../../providers/authentik/versions";
import { isOlder } from "../../providers/core/versions";
import { isLoopback } from "../../providers/http/host";
import { defaultImages } from "../images";
import { authentikVersionIn, requiresRedis } from "../versions";
import { AddressError, apiUrlOnDocker, authentikOrigin, isDockerElsewhere, urlAt } from "./addresses";
import { defaults } from "./defaults";
import type { Mistake, Resolution } from "./mistakes";
import { forProduction, unfitAuthentik, unfitData, unfitHttp } from "./production";
import { problemWithNetworks, problemWithNetworksIn, trustedProxiesVariable } from "./proxies";
import type { Authentik } from "./resolved";
import { problemsWithSubnets, type Subnets } from "./subnets";
import { resolveSwarm } from "./swarm";

/** Options of an existing authentik. */
interface ExistingOptions {
  readonly url: string;
  readonly apiUrl?: string | undefined;
  readonly caCertificate?: string | undefined;
  readonly fingerprint?: string | undefined;
  readonly tokenConfigKey?: string | undefined;
  readonly version?: string | undefined;
}

/** The options of an authentik on Docker that other parts need. */
interface DeployedOptions {
  readonly url: string;
  readonly apiUrl?: string | undefined;
  readonly tokenConfigKey?: string | undefined;
  readonly tls?: { readonly caCertificate: string } | object | undefined;
  readonly caCertificate?: string | undefined;
  readonly images?: { readonly authentik?: string } | undefined;
  readonly version?: string | undefined;
  readonly redis?: boolean | undefined;
  readonly trustedProxies?: readonly string[] | undefined;
  readonly environment?: Readonly<Record<string, unknown>> | undefined;
  readonly bindAddress?: string | undefined;
  readonly httpBindAddress?: string | undefined;
  readonly httpPort?: number | undefined;
  readonly httpsPort?: number | undefined;
  readonly docker?: { readonly subnets?: Subnets | undefined; readonly swarm?: unknown } | undefined;
  readonly mounts?: readonly { readonly source: string; readonly shared?: boolean }[] | undefined;
  readonly databaseVolume?: string | undefined;
  readonly externalDatabase?: object | undefined;
  readonly protectData?: boolean | undefined;
  readonly production?: boolean | undefined;
}

export function resolveExisting(options: ExistingOptions): Resolution<Authentik> {
  const { url, tokenConfigKey = defaults.keys.authentikToken, version, caCertificate, fingerprint } = options;
  const origin = readAddress("url", url);
  const given = options.apiUrl === undefined ? undefined : readAddress("apiUrl", options.apiUrl);
  const mistakes = [origin, given, ...versionMistakes(version, "version")].filter(isMistake);
  if (mistakes.length > 0) return { resolved: undefined, mistakes };
  const apiUrl = options.apiUrl ?? String(origin);
  const connection = {
    url: apiUrl,
    tokenConfigKey,
    ...(caCertificate && { caCertificate }),
    ...(fingerprint && { fingerprint }),
  };
  return {
    resolved: { origin: String(origin), apiUrl, version, connection, caCertificate },
    mistakes: [],
  };
}

/** @param dockerHost the address of the Docker Engine */
export function resolveDeployed(
  options: DeployedOptions,
  dockerHost: string | undefined,
): Resolution<Authentik & { version: string }> {
  const { url, tls, tokenConfigKey = defaults.keys.authentikToken } = options;
  const { bindAddress = defaults.stack.bindAddress, httpPort = defaults.stack.httpPort } = options;
  const { httpBindAddress = bindAddress } = options;
  const { redis = defaults.stack.redis } = options;
  const { production = false, protectData = production } = options;
  const version = options.version ?? options.images?.authentik ?? defaultImages.authentik;
  const address = readAddress("url", url);
  const given = options.apiUrl === undefined ? undefined : readAddress("apiUrl", options.apiUrl);
  const origin = isMistake(address) ? "https://unknown.invalid" : address;
  const apiUrl =
    options.apiUrl ?? apiUrlOnDocker({ origin, dockerHost, bindAddress: httpBindAddress, httpPort });
  const isKnown = !isMistake(address) && !isMistake(given);
  const unfit = [
    ...(isKnown ? unfitAuthentik({ origin, apiUrl }) : []),
    ...unfitHttp({ tls, httpBindAddress: options.httpBindAddress }),
    ...unfitData({ protectData, isExternal: options.externalDatabase !== undefined }),
  ];
  const swarm = resolveSwarm({ ...options, redis, bindAddress });
  const mistakes = [
    ...[address, given].filter(isMistake),
    ...swarm.mistakes,
    ...versionMistakes(version, options.version === undefined ? "images.authentik" : "version"),
    ...redisMistakes(redis, version),
    ...portMistakes(httpPort, options.httpsPort ?? defaults.stack.httpsPort),
    ...apiUrlMistakes(options, dockerHost),
    ...problemsWithSubnets(options.docker?.subnets).map((message) => ({ path: "docker.subnets", message })),
    ...proxyMistakes(options, version),
    ...(production ? forProduction(unfit) : []),
  ];
  if (mistakes.length > 0) return { resolved: undefined, mistakes };
  const caCertificate =
    tls && "caCertificate" in tls && typeof tls.caCertificate === "string"
      ? tls.caCertificate
      : options.caCertificate;
  return {
    resolved: {
      origin,
      apiUrl,
      version,
      connection: { url: apiUrl, tokenConfigKey },
      caCertificate,
      ...(swarm.swarm && { swarm: swarm.swarm }),
    },
    mistakes: [],
  };
}

function readAddress(path: string, address: string): string | Mistake {
  if (address === "") {
    return { path, message: "is missing: set authentik's address, e.g. https://auth.example.com" };
  }
  try {
    return authentikOrigin(address);
  } catch (error) {
    if (error instanceof AddressError) return { path, message: error.message };
    throw error;
  }
}

function isMistake(value: string | Mistake | undefined): value is Mistake {
  return typeof value === "object";
}

/** @param path the option that sets the version. An image's tag may not contain one. */
function versionMistakes(given: string | undefined, path: "version" | "images.authentik"): Mistake[] {
  if (given === undefined) return [];
  const version = authentikVersionIn(given);
  if (version === undefined) {
    const message =
      path === "version"
        ? "must be authentik's version, e.g. 2026.8.7"
        : `is missing: the tag of the image ${given} is not a version of authentik. The program needs the version to check upgrades`;
    return [{ path: "version", message }];
  }
  return isOlder(version, authentikVersions.oldest)
    ? [{ path, message: `is ${version}, but authentik before 2024.12 is not supported: use a later one` }]
    : [];
}

/** Releases before 2026.8 skip networks that they cannot parse. */
function proxyMistakes(
  { trustedProxies = [], environment = {} }: DeployedOptions,
  version: string,
): Mistake[] {
  if (isOlder(authentikVersionIn(version) ?? "", authentikVersions.withStrictPorts)) return [];
  const found = {
    trustedProxies: problemWithNetworks(trustedProxies),
    environment: problemWithNetworksIn(environment[trustedProxiesVariable]),
  };
  return Object.entries(found).flatMap(([path, message]) => (message ? [{ path, message }] : []));
}

function redisMistakes(redis: boolean, version: string): Mistake[] {
  return redis || !requiresRedis(version)
    ? []
    : [
        {
          path: "redis",
          message: "is off, but authentik before the 2025.10 release cannot start without it",
        },
      ];
}

function portMistakes(httpPort: number, httpsPort: number): Mistake[] {
  return httpPort === httpsPort
    ? [{ path: "httpsPort", message: `is ${httpsPort}, like httpPort: set another port` }]
    : [];
}

/** This program cannot reach the loopback of another machine. */
function apiUrlMistakes(
  { apiUrl, httpBindAddress }: DeployedOptions,
  dockerHost: string | undefined,
): Mistake[] {
  const closed = httpBindAddress !== undefined && isLoopback(urlAt(httpBindAddress));
  return closed && apiUrl === undefined && isDockerElsewhere(dockerHost)
    ? [
        {
          path: "apiUrl",
          message: `is missing: httpBindAddress is ${httpBindAddress} on another machine. Open the tunnel ssh -L 9000:127.0.0.1:80 user@host (80 is httpPort), and set http://127.0.0.1:9000`,
        },
      ]
    : [];
}
