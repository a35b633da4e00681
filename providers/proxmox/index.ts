export { Acl, type AclArgs } from "./acl";
export { ClusterNodes, type ClusterNodesArgs } from "./clusterNodes";
export { ExclusivePermissions, type ExclusivePermissionsArgs } from "./exclusivePermissions";
export { Group, type GroupArgs } from "./group";
export { OpenIdRealm, type OpenIdRealmArgs } from "./openIdRealm";
export { Role, type RoleArgs } from "./role";
export { User, type UserArgs } from "./user";
