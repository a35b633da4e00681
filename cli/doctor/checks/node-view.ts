import { otherProducts } from "../../../providers/accessControl/products";
import { UserError } from "../../../providers/core/errors";
import { hostOf } from "../../../providers/http/host";
import type { LoginPage } from "../../../providers/sso/proof/addresses";
import { OtherLogin } from "../../../providers/sso/proof/otherLogin";
import { ProxmoxLogin } from "../../../providers/sso/proof/proxmox";
import { resolves } from "../../system/resolves";
import { addressesOf } from "../chain";
import { type Check, failBy, pass, type Result, skip, warn } from "../check";
import type { Cluster } from "../subject";

/**
 * Each node performs discovery itself. Checks from there the connection to authentik, its TLS certificate, issuer
 * and keys.
 */
export const nodeViewCheck: Check<Cluster> = {
  name: "authentik as Proxmox sees it",
  // An authentik that does not answer would block Proxmox's workers for half a minute each.
  needs: ["authentik answers", "TLS of authentik", "Realm", "OAuth2 provider"],
  async look(cluster) {
    if (!cluster.hasRealm) return undefined;
    const addresses = await addressesOf(cluster);
    return await Promise.all(addresses.map((address) => lookFrom(address, cluster, addresses.length)));
  },
};

async function lookFrom(address: string, cluster: Cluster, addresses: number): Promise<Result> {
  const { connection, addresses: given } = cluster;
  const isApi = address === new URL(connection.url).origin;
  const node = addresses === 1 ? "the node" : `the node at ${address}`;
  if (given.includes(address) && !(await resolves(hostOf(address)))) {
    return skip(`${address} was not checked, because its name does not resolve here.`);
  }
  const login = loginPageOf(cluster, address);
  const why = isApi ? undefined : await login.whyUnanswered();
  if (why !== undefined) {
    return warn(
      `What ${node} sees of authentik cannot be checked from here: ${why}`,
      "Run this where that address answers; `pulumi stack output nodeTrustCommands` has what its node needs.",
    );
  }
  try {
    await login.authorizationUrl(address);
    return pass(`${node} reaches authentik, trusts its certificate, and agrees on the issuer`);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return failBy(addresses === 1 ? error : new UserError(`At ${address}: ${error.message}`));
  }
}

function loginPageOf({ product, connection, realm, authentik }: Cluster, url: string): LoginPage {
  const server = { ...connection, url };
  return product
    ? new OtherLogin(otherProducts[product], server, realm, authentik.caCertificate)
    : new ProxmoxLogin(server, realm, authentik.caCertificate);
}
