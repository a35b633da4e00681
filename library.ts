export {
  type AuthentikServer,
  type ExistingAuthentikArgs,
  existingAuthentik,
} from "./components/authentikServer";
export { AuthentikStack } from "./components/authentikStack";
export type { AuthentikStackArgs } from "./components/authentikStackArgs";
export { defaultImages } from "./components/images";
export { authentikOrigin, issuerOf, redirectUriOf } from "./components/model/addresses";
export { ProxmoxAuthentikSso, type ProxmoxAuthentikSsoArgs } from "./components/proxmoxAuthentikSso";
export { Application, type ApplicationArgs } from "./providers/authentik/application";
export { Certificate, type CertificateArgs } from "./providers/authentik/certificate";
export * as authentik from "./providers/authentik/index";
export { OAuth2Provider, type OAuth2ProviderArgs } from "./providers/authentik/oauth2Provider";
export { Readiness, type ReadinessArgs } from "./providers/authentik/readiness";
export { WebCertificate, type WebCertificateArgs } from "./providers/authentik/webCertificate";
export * as backupServer from "./providers/backupServer/index";
export { ResourceProvider, SsoProvider } from "./providers/core/ssoProvider";
export * as datacenterManager from "./providers/datacenterManager/index";
export * as proxmox from "./providers/proxmox/index";
export { OpenIdRealm, type OpenIdRealmArgs } from "./providers/proxmox/openIdRealm";
export { GroupMembers, type GroupMembersArgs } from "./providers/sso/groupMembers";
export {
  Identity,
  type IdentityArgs,
  SharedValues,
  type SharedValuesArgs,
} from "./providers/sso/identity";
export { LoginProof, type LoginProofArgs } from "./providers/sso/loginProof";
