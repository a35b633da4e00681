import * as pulumi from "@pulumi/pulumi";
import { ClusterNodes } from "../../providers/proxmox/clusterNodes";
import { OpenIdRealm } from "../../providers/proxmox/openIdRealm";
import { followGroups } from "../access/followGroups";
import { makeMembers } from "../access/grantAccess";
import { grantUsers, resourcesOf } from "../access/grantUsers";
import { isDeclaredByMembers } from "../access/groups";
import { defaults } from "../model/defaults";
import type { Sso } from "../model/resolved";
import type { SsoPlace } from "./place";

/** The origins of all addresses at which people open Proxmox. */
export function redirectUrisOf(sso: Sso, parent: pulumi.Resource): pulumi.Output<string[]> {
  const { name, addresses, connection, options } = sso;
  const { nodeAddress } = options.proxmox;
  if (nodeAddress === undefined) return pulumi.output([...addresses]);
  const nodes = new ClusterNodes(`${name}-nodes`, { proxmox: connection, address: nodeAddress }, { parent });
  return nodes.addresses.apply((discovered) => [...new Set([...addresses, ...discovered])]);
}

type Realm = OpenIdRealm | InstanceType<(typeof resourcesOf)[keyof typeof resourcesOf]["OpenIdRealm"]>;

/** The realm comes last. It never offers a login before it works, or to people without access. */
export function openIdRealm(
  { name, sso, proxmox, values, ownershipProof, adopt, parent }: SsoPlace,
  after: pulumi.Resource[],
): Realm {
  const { groupsClaim, product } = sso;
  const { name: _, ...realmOptions } = sso.options.realm ?? {};
  const Realm = product ? resourcesOf[product].OpenIdRealm : OpenIdRealm;
  return new Realm(
    `${name}-realm`,
    {
      comment: sso.names.realmComment,
      adopt,
      // After a user leaves a group in authentik, the next login revokes the group's permissions.
      ...(groupsClaim && { groupsClaim, groupsOverwrite: true }),
      ...realmOptions,
      ...(groupsClaim && { scopes: withScope(realmOptions.scopes, groupsClaim) }),
      proxmox,
      realm: sso.realm,
      issuerUrl: sso.issuerUrl,
      clientId: values.clientId,
      clientKey: values.clientSecret,
      clientProvesOwnership: ownershipProof !== "none",
      ...(ownershipProof === "clientId" && { clientIdProvesOwnership: true }),
    },
    { parent, dependsOn: after },
  );
}

function withScope(given: pulumi.Input<string | undefined>, scope: string): pulumi.Output<string> {
  return pulumi.output(given).apply((given) => {
    const scopes = given ?? defaults.scopes;
    // Plain JavaScript can give another type. The realm refuses it.
    return typeof scopes === "string" ? `${scopes} ${scope}` : scopes;
  });
}

/** The users of the groups, for a Proxmox that reads no groups claim. */
export function usersOf(place: SsoPlace, realm: Realm, granted: pulumi.Resource[]): pulumi.Resource[] {
  const { sso, groups } = place;
  const { product } = sso;
  if (!product) return makeMembers(place, realm.realm, granted);
  if (isDeclaredByMembers(groups)) return grantUsers(place, product, realm.realm, [realm]);
  return groups.length > 0 ? followGroups(place, product, realm.realm, sso.usernameClaim, [realm]) : [];
}
