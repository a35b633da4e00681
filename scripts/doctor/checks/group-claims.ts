import { connectAuthentik } from "../../../providers/authentik/connection";
import { providerOf, realmOf } from "../chain";
import { type Check, fail, pass } from "../check";
import type { Cluster } from "../subject";
import { setRight } from "./realm";

const proxmoxDefaultScopes = "email profile";

/** A claim that is missing changes nothing and is told nobody: groups then only look right. */
export const groupClaimsCheck: Check<Cluster> = {
  name: "Group claims",
  needs: ["authentik token", "Realm", "OAuth2 provider"],
  async look(cluster) {
    const realm = cluster.isUp ? await realmOf(cluster) : undefined;
    const provider = cluster.isUp ? await providerOf(cluster) : undefined;
    const claim = realm?.["groups-claim"];
    if (realm === undefined || provider === undefined || claim === undefined) return undefined;
    const authentik = connectAuthentik(cluster.authentik.connection, cluster.credentials);
    const scopes = (realm.scopes ?? proxmoxDefaultScopes).split(/\s+/);
    const mappings = await authentik.scopeMappings.list();
    const sends = mappings.some(
      ({ pk, scope_name, expression }) =>
        provider.property_mappings.includes(pk) &&
        scopes.includes(scope_name) &&
        expression.includes(`"${claim}"`),
    );
    if (!sends) {
      return fail(
        `No scope mapping of the provider sends the claim "${claim}" in the scopes ${scopes.join(", ")}, which the realm asks for.`,
        setRight,
      );
    }
    if (realm["query-userinfo"] === 0 && !provider.include_claims_in_id_token) {
      return fail(
        "The realm does not query userinfo, and the provider leaves claims out of the ID token: no group arrives.",
        setRight,
      );
    }
    return pass(`Proxmox takes groups from the claim "${claim}"`);
  },
};
