import type { JsonObject } from "../engine/authentik-api";

interface AuthentikKind {
  readonly list: string;
  nameOf(object: JsonObject): string;
  keyOf(object: JsonObject): string;
}

interface ProxmoxKind {
  readonly list: string;
  nameOf(object: JsonObject): string;
  /** The path from which the rest of it is read. */
  detail?(object: JsonObject): string;
}

const named =
  (field: string) =>
  (object: JsonObject): string =>
    String(object[field]);

const ofAuthentik = (list: string, name = "name", key = "pk"): AuthentikKind => ({
  list,
  nameOf: named(name),
  keyOf: named(key),
});

/** The kinds that the program creates in authentik. */
export const authentikKinds: Readonly<Record<string, AuthentikKind>> = {
  application: ofAuthentik("core/applications/", "slug", "slug"),
  binding: {
    ...ofAuthentik("policies/bindings/"),
    nameOf: ({ target, group, user, policy }) => `${target} ${group ?? user ?? policy}`,
  },
  brand: ofAuthentik("core/brands/", "domain", "brand_uuid"),
  certificate: ofAuthentik("crypto/certificatekeypairs/"),
  group: ofAuthentik("core/groups/"),
  mapping: ofAuthentik("propertymappings/provider/scope/"),
  provider: ofAuthentik("providers/oauth2/"),
  user: ofAuthentik("core/users/", "username"),
};

/** The kinds that it creates on Proxmox. */
export const proxmoxKinds: Readonly<Record<string, ProxmoxKind>> = {
  acl: { list: "/access/acl", nameOf: ({ path, ugid, roleid }) => `${path} ${ugid} ${roleid}` },
  pveGroup: { list: "/access/groups", nameOf: named("groupid") },
  proxmoxUser: { list: "/access/users", nameOf: named("userid") },
  realm: {
    list: "/access/domains",
    nameOf: named("realm"),
    detail: ({ realm }) => `/access/domains/${realm}`,
  },
  role: { list: "/access/roles", nameOf: named("roleid") },
};

export type Kind = string;
