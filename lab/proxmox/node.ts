import type { Member } from "./cluster";
import type { Daemon } from "./http/daemon";
import { PendingLogins } from "./openid/pending-logins";
import type { Surroundings } from "./openid/trusted-fetch";
import type { Store } from "./state/store";
import type { Profile } from "./versions";

/** One simulated node: what every method works on. */
export interface Node extends Surroundings {
  profile: Profile;
  store: Store;
  rootPassword: string;
  /** Of the cluster, this one first; who joins or goes offline is changed here. */
  members: Member[];
  /** PEM of the cluster's CA. */
  caPem: string;
  /** The datacenter's proxy for what its nodes fetch. */
  httpProxy?: string;
  pendingLogins: PendingLogins;
  daemon: Daemon;
}

export function createNode(options: Omit<Node, "pendingLogins">): Node {
  return { ...options, pendingLogins: new PendingLogins(options.clock) };
}
