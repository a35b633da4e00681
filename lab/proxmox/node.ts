import { PendingLogins } from "./openid/pending-logins";
import type { Store } from "./state/store";
import type { Profile } from "./versions";

/** One simulated node: what every method works on. */
export interface Node {
  profile: Profile;
  store: Store;
  rootPassword: string;
  /** A PEM file or a folder of them: the certificate authorities that the node trusts. */
  trust: string | undefined;
  pendingLogins: PendingLogins;
}

export function createNode(options: Omit<Node, "pendingLogins">): Node {
  return { ...options, pendingLogins: new PendingLogins() };
}
