export { Acl, type AclArgs } from "./acl";
export { Group, type GroupArgs } from "./group";
export { OpenIdRealm, type OpenIdRealmArgs } from "./openIdRealm";
