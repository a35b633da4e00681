import { connectAuthentik } from "../../providers/authentik/connection";
import type { OAuth2Provider } from "../../providers/authentik/wire";
import { unlessGone } from "../../providers/core/gone";
import { oncePerClient } from "../../providers/core/once";
import type { Realm } from "../../providers/proxmox/client";
import { connectProxmox } from "../../providers/proxmox/connection";
import type { Cluster } from "./subject";

/** The realm on Proxmox, asked for once in a run. */
export const realmOf = oncePerClient(
  ({ connection, credentials, realm }: Cluster): Promise<Realm | undefined> =>
    unlessGone(connectProxmox(connection, credentials).realm(realm)),
);

/** The provider that the realm's client belongs to, asked for once in a run. */
export const providerOf = oncePerClient(async (cluster: Cluster): Promise<OAuth2Provider | undefined> => {
  const client_id = (await realmOf(cluster))?.["client-id"];
  if (client_id === undefined) return undefined;
  const authentik = connectAuthentik(cluster.authentik.connection, cluster.credentials);
  const found = await authentik.oauth2Providers.list({ client_id });
  return found.find((provider) => provider.client_id === client_id);
});
