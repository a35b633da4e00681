import type { Sso } from "../../components/model/resolved";
import type { StackConfig } from "../../config/schema";
import type { ResolvedCluster, Stack } from "../../config/stack";
import { type AuthentikConnection, authentikConnection } from "../../providers/authentik/connection";
import type { Credentials } from "../../providers/core/credentials";
import { type ProxmoxConnection, proxmoxConnection } from "../../providers/proxmox/connection";

/** What an `up` has made already, as the stack's state tells it: before it, some servers and objects cannot be there. */
export interface RecordedStack {
  readonly anything: boolean;
  /** The clusters, by name, that have a realm. */
  readonly realms: readonly string[];
  /** The name of authentik's image. */
  readonly authentikImage?: string | undefined;
  /** Docker's name for authentik's container. */
  readonly serverContainer?: string | undefined;
  /** The resources at which a run was killed. */
  readonly interrupted?: readonly string[];
  /** Docker's names for all of the stack's containers. */
  readonly containers?: readonly string[] | undefined;
  /** authentik's groups, by the names that they have in `access`. */
  readonly groups?: Readonly<Record<string, RecordedGroup>> | undefined;
}

/** A group of authentik as the state knows it. */
export interface RecordedGroup {
  readonly pk: string;
  /** Whether it is somebody else's. */
  readonly reused: boolean;
}

/** What the stack's config describes, as the checks look at it. */
export interface Subject {
  readonly config: StackConfig;
  readonly credentials: Credentials;
  readonly made: RecordedStack;
  readonly clusters: readonly ResolvedCluster[];
  readonly authentik: {
    /** As people and Proxmox open it. */
    readonly origin: string;
    readonly caCertificate: string | undefined;
    readonly connection: AuthentikConnection;
  };
}

/** One Proxmox VE, node or cluster, of the stack. */
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
