import { explainIssuer } from "../../../providers/sso/proof/discovery";
import { realmOf } from "../chain";
import { type Check, fail, pass, warn } from "../check";
import type { Cluster } from "../subject";

export const setRight = "Run `pulumi refresh`, then `pulumi up`.";

export const realmCheck: Check<Cluster> = {
  name: "Realm",
  needs: ["Name of authentik", "Proxmox token"],
  async look(cluster) {
    const { realm: name, made, hasRealm, key } = cluster;
    if (!hasRealm) {
      return made.anything
        ? warn("This stack has not made a realm on this Proxmox yet.", "Run `pulumi up`.")
        : undefined;
    }
    const realm = await realmOf(cluster);
    if (realm === undefined) return fail(`Proxmox has no realm "${name}".`, setRight);
    if (realm.type !== "openid") {
      return fail(
        `The realm "${name}" is of type ${realm.type}.`,
        `Give it another name by ${key("realm.name")}.`,
      );
    }
    const issuer = realm["issuer-url"] ?? "";
    return issuer === cluster.issuerUrl
      ? pass(`the realm "${name}" has the issuer ${issuer}`)
      : fail(explainIssuer(cluster.issuerUrl, issuer), setRight);
  },
};
