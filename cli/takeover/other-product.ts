import type { AccessControlClient } from "../../providers/accessControl/client";
import type { OtherProduct } from "../../providers/accessControl/products";
import type { AclEntry, Realm } from "../../providers/accessControl/wire";
import type { AuthentikClient } from "../../providers/authentik/client";
import { membersBelow } from "../../providers/authentik/membersBelow";
import type { ProxmoxClient } from "../../providers/proxmox/client";
import { nameIn } from "../../providers/sso/groupMembers";

/** What `takeover` reads of any product. */
export type RealmReader = Pick<ProxmoxClient, "openIdRealms" | "realm" | "acl" | "users" | "version">;

/** Backup Server or Datacenter Manager in the terms of Proxmox VE, which has groups in addition. */
export function asProxmoxVe(client: AccessControlClient): RealmReader {
  return {
    openIdRealms: () => client.openIdRealms(),
    version: () => client.version(),
    acl: async () => [],
    users: async () => [],
    async realm(name) {
      const {
        autocreate,
        default: isDefault,
        type = "openid",
        digest = "",
        ...options
      } = await client.realm(name);
      return { ...options, type, digest, autocreate: autocreate ? 1 : 0, default: isDefault ? 1 : 0 };
    },
  };
}

/** The part of an existing single sign-on that only these products have. */
export interface OtherPart {
  readonly product: OtherProduct;
  readonly realm: Realm;
  /** Names of the realm's users, without the realm. */
  readonly users: ReadonlySet<string>;
  /** Permissions of the realm's users. */
  readonly acl: readonly AclEntry[];
  /** Names of the members of authentik's groups, by the group's id. */
  readonly members: ReadonlyMap<string, readonly string[]>;
}

export async function readOtherPart(
  product: OtherProduct,
  client: AccessControlClient,
  realmName: string,
  authentik: AuthentikClient,
  groups: readonly string[],
): Promise<OtherPart> {
  await client.requireReadAccess("users", "which users the realm has");
  await client.requireReadAccess("acl", "which permissions its users have");
  const [realm, users, acl, members] = await Promise.all([
    client.realm(realmName),
    client.userIds(),
    client.acl(),
    membersBelow(authentik, groups),
  ]);
  const claim = realm["username-claim"] ?? "sub";
  const end = `@${realmName}`;
  return {
    product,
    realm,
    users: new Set(users.filter((id) => id.endsWith(end)).map((id) => id.slice(0, -end.length))),
    acl: acl.filter(({ ugid }) => ugid.endsWith(end)),
    members: new Map(
      [...members].map(([pk, found]) => [pk, [...new Set(found.flatMap((member) => nameIn(claim, member)))]]),
    ),
  };
}
