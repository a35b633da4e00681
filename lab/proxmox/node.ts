import type { Member } from "./cluster";
import type { Daemon } from "./http/daemon";
import { PendingLogins } from "./openid/pending-logins";
import type { Surroundings } from "./openid/trusted-fetch";
import type { Store } from "./state/store";
import type { Profile } from "./versions";

/** A simulated node, the data of all methods. */
export interface Node extends Surroundings {
  profile: Profile;
  store: Store;
  rootPassword: string;
  /** Nodes of the cluster, this one first. Tests change it to let nodes join or go offline. */
  members: Member[];
  /** PEM of the cluster's CA. */
  caPem: string;
  /** The datacenter's proxy for requests of its nodes. */
  httpProxy?: string;
  /** Users with a second factor. Their password alone returns an unusable ticket. */
  secondFactors: Set<string>;
  pendingLogins: PendingLogins;
  daemon: Daemon;
}

export function createNode(options: Omit<Node, "pendingLogins" | "secondFactors">): Node {
  return { ...options, secondFactors: new Set(), pendingLogins: new PendingLogins(options.clock) };
}
