import { apiUrlOnDocker, authentikOrigin, issuerOf, redirectUriOf } from "../../components/addresses";
import { dockerEndpointOf } from "../../config/arguments";
import { type Cluster as ClusterSettings, clustersOf as clustersIn } from "../../config/clusters";
import type { StackConfig } from "../../config/schema";
import { type AuthentikConnection, authentikConnection } from "../../providers/authentik/connection";
import type { Credentials } from "../../providers/core/credentials";
import { dockerAddress } from "../../providers/docker/endpoint";
import { type ProxmoxConnection, proxmoxConnection } from "../../providers/proxmox/connection";

/** What an `up` has made already, as the stack's state tells it: before it, some servers and objects cannot be there. */
export interface Made {
  readonly anything: boolean;
  /** The clusters, by name, that have a realm. */
  readonly realms: readonly string[];
  /** Docker's name for authentik's container. */
  readonly serverContainer?: string | undefined;
}

/** What the stack's config describes, as the checks look at it. */
export interface Subject {
  readonly config: StackConfig;
  readonly credentials: Credentials;
  readonly made: Made;
  readonly authentik: {
    /** As people and Proxmox open it. */
    readonly origin: string;
    readonly caCertificate: string | undefined;
    readonly connection: AuthentikConnection;
  };
}

/** One Proxmox VE, node or cluster, of the stack. */
export interface Cluster extends Subject {
  readonly settings: ClusterSettings;
  readonly hasRealm: boolean;
  /** Origins that people open it at, as far as the config tells them. */
  readonly addresses: readonly string[];
  readonly connection: ProxmoxConnection;
  readonly realm: string;
  readonly issuerUrl: string;
}

export function subjectOf(config: StackConfig, credentials: Credentials, made: Made): Subject {
  const origin = authentikOrigin(config.authentikUrl ?? "");
  const { deployAuthentik, authentikCaCertificate, bindAddress, httpPort } = config;
  const onDocker = {
    origin,
    dockerHost: dockerHostIn(config),
    bindAddress: bindAddress ?? "0.0.0.0",
    httpPort,
  };
  const connection = deployAuthentik
    ? { url: config.authentikApiUrl ?? apiUrlOnDocker(onDocker) }
    : {
        url: config.authentikApiUrl ?? origin,
        caCertificate: authentikCaCertificate,
        fingerprint: config.authentikFingerprint,
      };
  return {
    config,
    credentials,
    made,
    authentik: {
      origin,
      caCertificate: (deployAuthentik && config.tlsCaCertificate) || authentikCaCertificate,
      connection: authentikConnection.parse(connection),
    },
  };
}

export function clustersOf(subject: Subject): Cluster[] {
  return clustersIn(subject.config).map((settings) => {
    const addresses = [...new Set(settings.addresses.map(redirectUriOf))];
    const { apiUrl, ca, fingerprint, tokenKey, username, passwordKey, applicationSlug } = settings;
    return {
      ...subject,
      settings,
      hasRealm: subject.made.realms.includes(settings.name),
      addresses,
      connection: proxmoxConnection.parse({
        url: apiUrl ? redirectUriOf(apiUrl) : addresses[0],
        caCertificate: ca,
        fingerprint,
        tokenConfigKey: tokenKey,
        login: username ? { username, passwordConfigKey: passwordKey } : undefined,
      }),
      realm: settings.realm ?? "authentik",
      issuerUrl: issuerOf(subject.authentik.origin, applicationSlug ?? "proxmox"),
    };
  });
}

/** Undefined for a context that is not there, of which the check of Docker tells. */
export function dockerHostIn(config: StackConfig): string | undefined {
  try {
    return dockerAddress(dockerEndpointOf(config)).host;
  } catch {
    return undefined;
  }
}
