import { renewalDays } from "../../../providers/authentik/certificate";
import { authentikOf, providerOf } from "../chain";
import { type Check, pass, warn } from "../check";
import type { Cluster } from "../subject";

const dayMs = 24 * 60 * 60 * 1000;

export const signingCertificateCheck: Check<Cluster> = {
  name: "Signing certificate",
  needs: ["authentik token", "Realm", "OAuth2 provider"],
  async look(cluster) {
    const pk = cluster.hasRealm ? (await providerOf(cluster))?.signing_key : undefined;
    const expiry = pk ? (await authentikOf(cluster).certificates.get(pk)).cert_expiry : undefined;
    if (!expiry) return undefined;
    const { config } = cluster;
    const days = Math.floor((Date.parse(expiry) - Date.now()) / dayMs);
    const isOwn = config.signingCertificatePath !== undefined;
    const window = renewalDays({
      validityDays: config.signingValidityDays,
      renewBeforeDays: config.signingRenewBeforeDays,
    });
    if (days >= window) {
      return pass(
        `valid for another ${days} days${isOwn ? "" : `; an up renews it in the last ${Math.floor(window)}`}`,
      );
    }
    return warn(
      `The certificate that signs ID tokens ${days < 0 ? "has expired" : `expires in ${days} days`}. Proxmox does not check this, and logins continue.`,
      isOwn
        ? "Provide a new certificate and key, then run `pulumi up`."
        : "Run `pulumi up`, which renews it.",
    );
  },
};
