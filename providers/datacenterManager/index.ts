export { Acl, type AclArgs } from "./acl";
export { OpenIdRealm, type OpenIdRealmArgs } from "./openIdRealm";
export { User, type UserArgs } from "./user";
export { Users, type UsersArgs } from "./users";
