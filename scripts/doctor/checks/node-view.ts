import { UserError } from "../../../providers/core/errors";
import { ProxmoxLogin } from "../../../providers/sso/proof/proxmox";
import { type Check, failBy, pass } from "../check";
import type { Cluster } from "../subject";

/** The node performs discovery itself: the way to authentik, its TLS certificate, issuer and keys, as seen from there. */
export const nodeViewCheck: Check<Cluster> = {
  name: "authentik as Proxmox sees it",
  // One that never answers would block Proxmox's workers for half a minute each.
  needs: ["authentik answers", "TLS of authentik", "Realm", "OAuth2 provider"],
  async look({ isUp, connection, realm, authentik, addresses }) {
    const [address] = addresses;
    if (!isUp || address === undefined) return undefined;
    try {
      await new ProxmoxLogin(connection, realm, authentik.caCertificate).authorizationUrl(address);
      return pass("the node reaches authentik, trusts its certificate, and agrees on the issuer");
    } catch (error) {
      if (error instanceof UserError) return failBy(error);
      throw error;
    }
  },
};
