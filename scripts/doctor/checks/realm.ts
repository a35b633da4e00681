import { explainIssuer } from "../../../providers/sso/proof/discovery";
import { realmOf } from "../chain";
import { type Check, fail, pass } from "../check";
import type { Cluster } from "../subject";

export const setRight = "Run `pulumi refresh`, then `pulumi up`.";

export const realmCheck: Check<Cluster> = {
  name: "Realm",
  needs: ["Name of authentik", "Proxmox token"],
  async look(cluster) {
    if (!cluster.isUp) return undefined;
    const realm = await realmOf(cluster);
    if (realm === undefined) return fail(`Proxmox has no realm "${cluster.realm}".`, setRight);
    if (realm.type !== "openid") {
      return fail(
        `The realm "${cluster.realm}" is of type ${realm.type}.`,
        "Set another name: pulumi config set realm …",
      );
    }
    const issuer = realm["issuer-url"] ?? "";
    return issuer === cluster.issuerUrl
      ? pass(`the realm "${cluster.realm}" has the issuer ${issuer}`)
      : fail(explainIssuer(cluster.issuerUrl, issuer), setRight);
  },
};
