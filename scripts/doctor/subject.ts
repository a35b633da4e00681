import { apiUrlOnDocker, authentikOrigin, issuerOf, redirectUriOf } from "../../components/addresses";
import type { StackConfig } from "../../config/schema";
import { type AuthentikConnection, authentikConnection } from "../../providers/authentik/connection";
import type { Credentials } from "../../providers/core/credentials";
import { type ProxmoxConnection, proxmoxConnection } from "../../providers/proxmox/connection";

/** What the stack's config describes, as the checks look at it. */
export interface Subject {
  readonly config: StackConfig;
  readonly credentials: Credentials;
  /** Whether an `up` has made something already: before the first one, some servers and objects cannot be there. */
  readonly isUp: boolean;
  readonly authentik: {
    /** As people and Proxmox open it. */
    readonly origin: string;
    readonly caCertificate: string | undefined;
    readonly connection: AuthentikConnection;
  };
}

/** One Proxmox VE, node or cluster, of the stack. */
export interface Cluster extends Subject {
  /** Origins that people open it at. */
  readonly addresses: readonly string[];
  readonly connection: ProxmoxConnection;
  readonly realm: string;
  readonly issuerUrl: string;
}

export function subjectOf(config: StackConfig, credentials: Credentials, isUp: boolean): Subject {
  const origin = authentikOrigin(config.authentikUrl ?? "");
  const { deployAuthentik, authentikCaCertificate, dockerHost, bindAddress, httpPort } = config;
  const onDocker = { origin, dockerHost, bindAddress: bindAddress ?? "0.0.0.0", httpPort };
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
    isUp,
    authentik: {
      origin,
      caCertificate: (deployAuthentik && config.tlsCaCertificate) || authentikCaCertificate,
      connection: authentikConnection.parse(connection),
    },
  };
}

export function clustersOf(subject: Subject): Cluster[] {
  const { config, authentik } = subject;
  const addresses = config.proxmoxAddresses.map(redirectUriOf);
  const connection = proxmoxConnection.parse({
    url: config.proxmoxApiUrl ? redirectUriOf(config.proxmoxApiUrl) : addresses[0],
    caCertificate: config.proxmoxCa,
    fingerprint: config.proxmoxFingerprint,
    login: config.proxmoxUsername ? { username: config.proxmoxUsername } : undefined,
  });
  return [
    {
      ...subject,
      addresses,
      connection,
      realm: config.realm ?? "authentik",
      issuerUrl: issuerOf(authentik.origin, config.applicationSlug ?? "proxmox"),
    },
  ];
}
