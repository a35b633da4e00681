/** Objects of authentik's `/api/v3` as they travel, limited to the fields this program reads. */
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
  /** From 2026.5 on. */
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
  /** Not told, or masked, where a version keeps it to itself: see `toldSecret`. */
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
  /** The fields below are not in every version (see versions.ts). */
  refresh_token_threshold?: string;
  logout_uri?: string;
  /** What `logout_uri` was called before 2025.10. */
  backchannel_logout_uri?: string;
  logout_method?: "backchannel" | "frontchannel";
  grant_types?: (typeof grantTypes)[number][];
}

/** The client secret as the server has it; undefined where it does not tell it or shows a mask. */
export function toldSecret({ client_secret }: Pick<OAuth2Provider, "client_secret">): string | undefined {
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
  /** From 2025.12 on, where the icon is a field that can be written. */
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
  /** Where they were asked for. */
  users_obj?: { username: string; is_active: boolean }[] | null;
  /** From 2025.12 on. */
  parents?: string[];
  /** Before. */
  parent?: string | null;
}

export interface User {
  pk: number;
  uuid?: string;
  username: string;
  name: string;
  email: string;
  is_active: boolean;
  type: string;
  path: string;
  attributes: Attributes;
  groups: string[];
  groups_obj?: { name: string }[] | null;
  /** From 2025.12 on. */
  roles?: string[];
}

/** The user who asks. */
export interface Self {
  username: string;
  is_superuser: boolean;
}

/** A browser that is logged in. */
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
  group_obj?: { name: string } | null;
  user_obj?: { username: string } | null;
  order: number;
  negate: boolean;
  enabled: boolean;
  timeout: number;
  failure_result: boolean;
  /** Access that somebody asked for and was granted for a time; from 2026.8 on. */
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
  /** The fields below are not in every version (see versions.ts). */
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
  /** Whether it is of the server's version. */
  readonly version_matching: boolean;
}
