/** Objects of authentik's `/api/v3`, limited to the fields that this program reads. */
export interface CertificateKeyPair {
  pk: string;
  name: string;
  fingerprint_sha256: string | null;
  cert_expiry: string | null;
  private_key_available: boolean;
}

export interface RedirectUri {
  matching_mode: "strict" | "regex";
  url: string;
  /** Since 2026.5. */
  redirect_uri_type?: "authorization" | "logout";
}

export const grantTypes = [
  "authorization_code",
  "implicit",
  "hybrid",
  "refresh_token",
  "client_credentials",
  "password",
  "urn:ietf:params:oauth:grant-type:device_code",
  "urn:ietf:params:oauth:grant-type:token-exchange",
] as const;

export interface OAuth2Provider {
  pk: number;
  name: string;
  authentication_flow: string | null;
  authorization_flow: string;
  invalidation_flow: string;
  property_mappings: string[];
  assigned_application_slug: string | null;
  client_type: "confidential" | "public";
  client_id: string;
  /** Missing or masked in versions that hide it, see `returnedSecret`. */
  client_secret?: string | null;
  access_code_validity: string;
  access_token_validity: string;
  refresh_token_validity: string;
  include_claims_in_id_token: boolean;
  signing_key: string | null;
  encryption_key: string | null;
  redirect_uris: RedirectUri[];
  sub_mode: string;
  issuer_mode: "per_provider" | "global";
  jwt_federation_sources: string[];
  jwt_federation_providers: number[];
  /** Some versions lack the fields below (see versions.ts). */
  refresh_token_threshold?: string;
  logout_uri?: string;
  /** Name of `logout_uri` before 2025.10. */
  backchannel_logout_uri?: string;
  logout_method?: "backchannel" | "frontchannel";
  grant_types?: (typeof grantTypes)[number][];
}

/** The client secret on the server. Undefined if the answer lacks or masks it. */
export function returnedSecret({ client_secret }: Pick<OAuth2Provider, "client_secret">): string | undefined {
  return client_secret === undefined || client_secret === null || /^[*•]+$/.test(client_secret)
    ? undefined
    : client_secret;
}

export interface Application {
  pk: string;
  name: string;
  slug: string;
  provider: number | null;
  open_in_new_tab: boolean;
  meta_launch_url: string;
  meta_description: string;
  meta_publisher: string;
  policy_engine_mode: "any" | "all";
  group: string;
  backchannel_providers: number[];
  meta_icon: string | null;
  /** Since 2025.12, in which the icon is a writable field. */
  meta_icon_url?: string | null;
  meta_hide?: boolean;
}

export interface Flow {
  pk: string;
  slug: string;
  designation: string;
}

export interface ScopeMapping {
  pk: string;
  managed: string | null;
  name: string;
  scope_name: string;
  expression: string;
  description: string;
}

export type Attributes = Record<string, unknown>;

export interface Group {
  pk: string;
  name: string;
  is_superuser: boolean;
  attributes: Attributes;
  roles: string[];
  /** Only if the request asks for them. */
  users_obj?: { username: string; email: string; is_active: boolean }[] | null;
  /** Since 2025.12. */
  parents?: string[];
  /** Before 2025.12. */
  parent?: string | null;
}

export interface User {
  pk: number;
  uuid?: string;
  username: string;
  name: string;
  email: string;
  is_active: boolean;
  is_superuser?: boolean;
  type: string;
  path: string;
  attributes: Attributes;
  groups: string[];
  groups_obj?: { name: string }[] | null;
  /** Since 2025.12. */
  roles?: string[];
}

/** The user of the request. */
export interface Self {
  username: string;
  is_superuser: boolean;
}

/** The session of a browser. */
export interface AuthenticatedSession {
  uuid: string;
  user: number;
  last_ip?: string;
}

export interface Token {
  identifier: string;
  intent: "verification" | "api" | "recovery" | "app_password";
  user: number;
  expiring: boolean;
  expires: string | null;
}

export interface PolicyBinding {
  pk: string;
  target: string;
  policy: string | null;
  group: string | null;
  user: number | null;
  policy_obj?: { name: string } | null;
  group_obj?: { pk: string; name: string; attributes: Attributes } | null;
  user_obj?: { username: string } | null;
  order: number;
  negate: boolean;
  enabled: boolean;
  timeout: number;
  failure_result: boolean;
  /** Whether access is temporary, after a user's request. Since 2026.8. */
  expiring?: boolean;
  expires?: string | null;
}

export interface Brand {
  brand_uuid: string;
  domain: string;
  default: boolean;
  branding_title: string;
  branding_logo: string;
  branding_favicon: string;
  flow_authentication: string | null;
  flow_invalidation: string | null;
  flow_recovery: string | null;
  flow_unenrollment: string | null;
  flow_user_settings: string | null;
  flow_device_code: string | null;
  default_application: string | null;
  web_certificate: string | null;
  attributes: Attributes;
  /** Some versions lack the fields below (see versions.ts). */
  branding_custom_css?: string;
  branding_default_flow_background?: string;
  branding_map_tiles?: string;
  client_certificates?: string[];
  flow_lockdown?: string | null;
  flow_request?: string | null;
  flow_user_switch?: string | null;
}

export interface Page<Item> {
  pagination: { next: number; count: number };
  results: Item[];
}

export interface Worker {
  readonly worker_id: string;
  readonly version: string;
  /** Whether the worker has the server's version. */
  readonly version_matching: boolean;
}
