import type { AccessGroup } from "../../../components/access/groups";
import { defaults } from "../../../components/model/defaults";
import type { ScopeMapping } from "../../../providers/authentik/wire";
import { authentikOf, type KnownRealm, providerOf, realmOf } from "../chain";
import { type Check, fail, pass, type Result } from "../check";
import type { Cluster } from "../subject";
import { setRight } from "./realm";

/** Without the claim, a login changes no groups and reports nothing. The groups then only look right. */
export const groupClaimsCheck: Check<Cluster> = {
  name: "Group claims",
  needs: ["authentik token", "Realm", "OAuth2 provider"],
  async look(cluster) {
    const realm = cluster.hasRealm ? await realmOf(cluster) : undefined;
    const provider = cluster.hasRealm ? await providerOf(cluster) : undefined;
    if (realm === undefined || provider === undefined) return undefined;
    const { groups, groupsClaim } = cluster;
    const notTaken = groupsClaim ? problemWithTaking(realm, groupsClaim) : [];
    const claim = realm["groups-claim"];
    if (notTaken.length > 0 || claim === undefined) return notTaken;

    const scopes = (realm.scopes ?? defaults.scopes).split(/\s+/);
    const mappings = (await authentikOf(cluster).scopeMappings.all()).filter(
      ({ pk, scope_name, expression }) =>
        provider.property_mappings.includes(pk) &&
        scopes.includes(scope_name) &&
        expression.includes(`"${claim}"`),
    );
    if (mappings.length === 0) {
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
    const leftOut = groupsClaim ? groupsNotIn(mappings, groups) : [];
    return leftOut.length > 0
      ? leftOut.map((group) => fail(`The claim "${claim}" leaves out the group "${group}".`, setRight))
      : pass(`Proxmox takes groups from the claim "${claim}"`);
  },
};

/** The realm's options that let `access` grant and revoke groups. */
function problemWithTaking(realm: KnownRealm, groupsClaim: string): Result[] {
  const claim = realm["groups-claim"];
  const isClaim = claim === groupsClaim;
  return [
    ...(isClaim
      ? []
      : [
          fail(
            `The realm takes groups from ${claim ? `the claim "${claim}"` : "no claim"} instead of "${groupsClaim}": a login does not set the groups of \`access\`.`,
            setRight,
          ),
        ]),
    ...(isClaim && realm["groups-overwrite"] !== 1
      ? [
          fail(
            "groups-overwrite is off: users who leave a group in authentik keep its permissions on Proxmox.",
            setRight,
          ),
        ]
      : []),
  ];
}

function groupsNotIn(mappings: readonly ScopeMapping[], groups: readonly AccessGroup[]): string[] {
  return groups
    .filter(({ grants }) => grants.length > 0)
    .map(({ name }) => name)
    .filter((name) => !mappings.some(({ expression }) => expression.includes(`${JSON.stringify(name)}:`)));
}
