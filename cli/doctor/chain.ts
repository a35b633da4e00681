import type { AccessControlClient } from "../../providers/accessControl/client";
import { connectAccessControl } from "../../providers/accessControl/connection";
import { otherProducts } from "../../providers/accessControl/products";
import type { AuthentikClient } from "../../providers/authentik/client";
import { connectAuthentik } from "../../providers/authentik/connection";
import type { OAuth2Provider } from "../../providers/authentik/wire";
import { undefinedIfMissing } from "../../providers/core/gone";
import { oncePerClient } from "../../providers/core/once";
import type { ProxmoxClient, Realm } from "../../providers/proxmox/client";
import { nodeAddresses } from "../../providers/proxmox/clusterNodes";
import { connectProxmox } from "../../providers/proxmox/connection";
import type { Cluster, Subject } from "./subject";

export function authentikOf({ authentik, credentials }: Subject): AuthentikClient {
  return connectAuthentik(authentik.connection, credentials);
}

export function proxmoxOf({ connection, credentials }: Cluster): ProxmoxClient {
  return connectProxmox(connection, credentials);
}

/** A Backup Server or Datacenter Manager. */
export function otherProductOf({ product, connection, credentials }: Cluster): AccessControlClient {
  if (product === undefined) throw new Error("This cluster is a Proxmox VE.");
  return connectAccessControl(otherProducts[product], connection, credentials);
}

/** The realm on Proxmox, requested once in a run. */
export const realmOf = oncePerClient(
  (cluster: Cluster): Promise<KnownRealm | undefined> =>
    undefinedIfMissing<KnownRealm>(
      (cluster.product ? otherProductOf : proxmoxOf)(cluster).realm(cluster.realm),
    ),
);

/** A realm of any product. */
export type KnownRealm = Omit<Realm, "digest" | "autocreate" | "default">;

/** The provider with the realm's client ID, requested once in a run. */
export const providerOf = oncePerClient(async (cluster: Cluster): Promise<OAuth2Provider | undefined> => {
  const client_id = (await realmOf(cluster))?.["client-id"];
  if (client_id === undefined) return undefined;
  const found = await authentikOf(cluster).oauth2Providers.list({ client_id });
  return found.find((provider) => provider.client_id === client_id);
});

/** All origins where people open Proxmox, including its nodes, requested once in a run. */
export const addressesOf = oncePerClient(async (cluster: Cluster): Promise<string[]> => {
  const { nodeAddress } = cluster.options.proxmox;
  const discovered = nodeAddress ? await nodeAddresses(proxmoxOf(cluster), nodeAddress) : [];
  return [...new Set([...cluster.addresses, ...discovered])];
});
