import { RefusedError as RefusedByOther } from "../../../providers/accessControl/errors";
import { RefusedError as RefusedByAuthentik } from "../../../providers/authentik/errors";
import { RefusedError as RefusedByProxmox } from "../../../providers/proxmox/errors";
import { removeLeft } from "../../../providers/sso/proof/ownLogin";
import { authentikOf, otherProductOf, proxmoxOf } from "../chain";
import { type Check, warn } from "../check";
import type { Cluster } from "../subject";

/** A killed proof leaves its user, with which nobody can log in. The doctor removes nothing else. */
export const proofUserCheck: Check<Cluster> = {
  name: "User of the proof",
  needs: ["authentik token", "Proxmox token"],
  async look(cluster) {
    const { hasRealm, slug, realm } = cluster;
    if (!hasRealm) return undefined;
    try {
      const place = {
        authentik: authentikOf(cluster),
        api: cluster.product ? otherProductOf(cluster) : proxmoxOf(cluster),
        slug,
        realm,
      };
      const removed = await removeLeft(place);
      return removed.length === 0
        ? undefined
        : warn(
            `A killed proof had left ${removed.join(", ")}. Nobody could log in with that name.`,
            "Nothing: the doctor has removed it.",
          );
    } catch (error) {
      // A token that may not remove users has created none.
      if ([RefusedByAuthentik, RefusedByProxmox, RefusedByOther].some((kind) => error instanceof kind))
        return undefined;
      throw error;
    }
  },
};
