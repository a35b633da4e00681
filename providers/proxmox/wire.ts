export type { Realm } from "./openIdRealmWire";

export interface Group {
  groupid: string;
  comment?: string;
}

export interface User {
  userid: string;
  enable?: 0 | 1;
  /** Seconds since 1970. 0 or missing: never. */
  expire?: number;
  comment?: string;
  email?: string;
  firstname?: string;
  lastname?: string;
  groups: string[];
}

export interface ApiToken {
  /** The part after `!`. */
  tokenid: string;
  /** Seconds since 1970. 0: never. */
  expire: number;
}

/** A role of one user, group or token on one path. */
export interface AclEntry {
  path: string;
  roleid: string;
  type: "user" | "group" | "token";
  ugid: string;
  propagate: 0 | 1;
}

export interface Role {
  roleid: string;
  /** Separated by commas. */
  privs: string;
  /** Whether the role is built in. */
  special: 0 | 1;
}

/**
 * Entries of `GET /cluster/status` (pve-manager, PVE/API2/Cluster.pm): one for the cluster, if any, and one for
 * each node.
 */
export interface ClusterMember {
  type: "cluster" | "node";
  name: string;
  /** Missing for an offline node. */
  ip?: string;
}

/** An entry of `GET /nodes/{node}/certificates/info` (pve-manager, PVE/API2/Certificates.pm). */
export interface NodeCertificate {
  filename?: string;
  pem?: string;
}

/** Privileges by path, with whether each also applies below the path. */
export type Permissions = Record<string, Record<string, 0 | 1>>;
