import type { Sso } from "../../components/model/resolved";
import type { StackConfig } from "../../config/schema";
import type { ResolvedCluster, Stack } from "../../config/stack";
import { type AuthentikConnection, authentikConnection } from "../../providers/authentik/connection";
import type { Credentials } from "../../providers/core/credentials";
import { type ProxmoxConnection, proxmoxConnection } from "../../providers/proxmox/connection";

/**
 * Objects that an `up` has created, according to the stack's state. Before the first `up`, some servers and objects
 * do not exist.
 */
export interface RecordedStack {
  readonly anything: boolean;
  /** Names of the clusters with a realm. */
  readonly realms: readonly string[];
  /** The name of authentik's image. */
  readonly authentikImage?: string | undefined;
  /** The name of authentik's container in Docker. */
  readonly serverContainer?: string | undefined;
  /** The resources with pending operations of an interrupted run. */
  readonly interrupted?: readonly string[];
  /** The names of all the stack's containers in Docker. */
  readonly containers?: readonly string[] | undefined;
  /** The names of all the stack's services in a swarm. */
  readonly services?: readonly string[] | undefined;
  /** authentik's groups, by their names in `access`. */
  readonly groups?: Readonly<Record<string, RecordedGroup>> | undefined;
}

/** A group of authentik in the state. */
export interface RecordedGroup {
  readonly pk: string;
  /** Whether it belongs to somebody else. */
  readonly reused: boolean;
}

/** What the checks read of a stack's config. */
export interface Subject {
  readonly config: StackConfig;
  readonly credentials: Credentials;
  readonly made: RecordedStack;
  readonly clusters: readonly ResolvedCluster[];
  readonly authentik: {
    /** The address where people and Proxmox open authentik. */
    readonly origin: string;
    readonly caCertificate: string | undefined;
    readonly connection: AuthentikConnection;
  };
}

/** One Proxmox VE of the stack, node or cluster. */
export interface Cluster extends Subject, Omit<Sso, "connection"> {
  readonly key: ResolvedCluster["key"];
  readonly hasRealm: boolean;
  readonly connection: ProxmoxConnection;
}

export function subjectOf(
  { config, authentik, clusters }: Stack,
  credentials: Credentials,
  made: RecordedStack,
): Subject {
  const connection = authentikConnection.parse(authentik.connection);
  return { config, credentials, made, clusters, authentik: { ...authentik, connection } };
}

export function clustersOf(subject: Subject): Cluster[] {
  return subject.clusters.map((cluster) => ({
    ...subject,
    ...cluster,
    hasRealm: subject.made.realms.includes(cluster.name),
    connection: proxmoxConnection.parse(cluster.connection),
  }));
}
