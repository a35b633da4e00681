import { applicationDefinition } from "./authentik/application";
import { brandDefinition } from "./authentik/brand";
import { certificateDefinition } from "./authentik/certificate";
import { exclusiveBindingsDefinition } from "./authentik/exclusiveBindings";
import { groupDefinition } from "./authentik/group";
import { oauth2ProviderDefinition } from "./authentik/oauth2Provider";
import { policyBindingDefinition } from "./authentik/policyBinding";
import { readinessDefinition } from "./authentik/readiness";
import { scopeMappingDefinition } from "./authentik/scopeMapping";
import { userDefinition } from "./authentik/user";
import { webCertificateDefinition } from "./authentik/webCertificate";
import { aclDefinition as backupServerAclDefinition } from "./backupServer/acl";
import { openIdRealmDefinition as backupServerRealmDefinition } from "./backupServer/openIdRealm";
import { userDefinition as backupServerUserDefinition } from "./backupServer/user";
import { usersDefinition as backupServerUsersDefinition } from "./backupServer/users";
import type { Claims } from "./core/claims";
import type { AnyDefinition } from "./core/definition";
import { DefinedProvider } from "./core/provider";
import { aclDefinition as datacenterManagerAclDefinition } from "./datacenterManager/acl";
import { openIdRealmDefinition as datacenterManagerRealmDefinition } from "./datacenterManager/openIdRealm";
import { userDefinition as datacenterManagerUserDefinition } from "./datacenterManager/user";
import { usersDefinition as datacenterManagerUsersDefinition } from "./datacenterManager/users";
import { dataVersionsDefinition } from "./docker/dataVersions";
import { leftoversDefinition } from "./docker/leftovers";
import { rolloutDefinition } from "./docker/swarm/rollout";
import { aclDefinition } from "./proxmox/acl";
import { clusterNodesDefinition } from "./proxmox/clusterNodes";
import { exclusivePermissionsDefinition } from "./proxmox/exclusivePermissions";
import { groupDefinition as proxmoxGroupDefinition } from "./proxmox/group";
import { openIdRealmDefinition } from "./proxmox/openIdRealm";
import { roleDefinition } from "./proxmox/role";
import { userDefinition as proxmoxUserDefinition } from "./proxmox/user";
import { groupMembersDefinition } from "./sso/groupMembers";
import { identityDefinition } from "./sso/identity";
import { loginProofDefinition } from "./sso/loginProof";

export const definitions: readonly AnyDefinition[] = [
  aclDefinition,
  applicationDefinition,
  backupServerAclDefinition,
  backupServerRealmDefinition,
  backupServerUserDefinition,
  backupServerUsersDefinition,
  brandDefinition,
  certificateDefinition,
  clusterNodesDefinition,
  dataVersionsDefinition,
  datacenterManagerAclDefinition,
  datacenterManagerRealmDefinition,
  datacenterManagerUserDefinition,
  datacenterManagerUsersDefinition,
  exclusiveBindingsDefinition,
  exclusivePermissionsDefinition,
  groupDefinition,
  groupMembersDefinition,
  identityDefinition,
  leftoversDefinition,
  loginProofDefinition,
  oauth2ProviderDefinition,
  openIdRealmDefinition,
  policyBindingDefinition,
  proxmoxGroupDefinition,
  proxmoxUserDefinition,
  readinessDefinition,
  roleDefinition,
  rolloutDefinition,
  scopeMappingDefinition,
  userDefinition,
  webCertificateDefinition,
];

/** All types of resources. */
export const resourceTypes: readonly string[] = definitions.map(({ type }) => type);

/**
 * The provider for a resource type in the state of this or an older version.
 * @param claims the program's declarations; by default those of this process
 */
export function providerFor(type: string, claims?: Claims): DefinedProvider {
  const definition = definitions.find((candidate) => candidate.type === type);
  if (definition === undefined) {
    throw new Error(
      `This version of proxmox-authentik-sso has no resource type "${type}". Use the version that made it.`,
    );
  }
  return new DefinedProvider(definition, claims);
}
