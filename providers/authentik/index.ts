/** All authentik resources, so that programs can write `authentik.Group` next to Proxmox's `Group`. */
export { Application, type ApplicationArgs } from "./application";
export { Brand, type BrandArgs } from "./brand";
export { Certificate, type CertificateArgs } from "./certificate";
export { ExclusiveBindings, type ExclusiveBindingsArgs } from "./exclusiveBindings";
export { Group, type GroupArgs } from "./group";
export { OAuth2Provider, type OAuth2ProviderArgs } from "./oauth2Provider";
export { PolicyBinding, type PolicyBindingArgs } from "./policyBinding";
export { Readiness, type ReadinessArgs } from "./readiness";
export { ScopeMapping, type ScopeMappingArgs } from "./scopeMapping";
export { User, type UserArgs } from "./user";
export { WebCertificate, type WebCertificateArgs } from "./webCertificate";
