import type {
  Application,
  Brand,
  CertificateKeyPair,
  Flow,
  OAuth2Provider,
  ScopeMapping,
} from "@goauthentik/api";

/** The official client writes `metaIcon` where the API has `meta_icon`. */
export type OnTheWire<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${OnTheWire<Rest>}`
  : Name;

/** What the client's release knows and 2026.5 does not. */
type Later =
  | "pbm_uuid"
  | "meta_hide"
  | "grant_types"
  | "branding_map_tiles"
  | "flow_user_switch"
  | "flow_lockdown"
  | "flow_request";

/** Does not compile unless it has each field of the official type, and no other. */
type FieldsOf<Type> = Record<Exclude<OnTheWire<keyof Type & string>, Later>, true>;

export const application: FieldsOf<Application> = {
  pk: true,
  name: true,
  slug: true,
  provider: true,
  provider_obj: true,
  backchannel_providers: true,
  backchannel_providers_obj: true,
  launch_url: true,
  open_in_new_tab: true,
  meta_launch_url: true,
  meta_icon: true,
  meta_icon_url: true,
  meta_icon_themed_urls: true,
  meta_description: true,
  meta_publisher: true,
  policy_engine_mode: true,
  group: true,
};

export const brand: FieldsOf<Brand> = {
  brand_uuid: true,
  domain: true,
  _default: true,
  branding_title: true,
  branding_logo: true,
  branding_favicon: true,
  branding_custom_css: true,
  branding_default_flow_background: true,
  flow_authentication: true,
  flow_invalidation: true,
  flow_recovery: true,
  flow_unenrollment: true,
  flow_user_settings: true,
  flow_device_code: true,
  default_application: true,
  web_certificate: true,
  client_certificates: true,
  attributes: true,
};

export const certificate: FieldsOf<CertificateKeyPair> = {
  pk: true,
  name: true,
  fingerprint_sha256: true,
  fingerprint_sha1: true,
  cert_expiry: true,
  cert_subject: true,
  private_key_available: true,
  key_type: true,
  certificate_download_url: true,
  private_key_download_url: true,
  managed: true,
};

export const flow: FieldsOf<Flow> = {
  pk: true,
  policybindingmodel_ptr_id: true,
  name: true,
  slug: true,
  title: true,
  designation: true,
  background: true,
  background_url: true,
  background_themed_urls: true,
  stages: true,
  policies: true,
  cache_count: true,
  policy_engine_mode: true,
  compatibility_mode: true,
  export_url: true,
  layout: true,
  denied_action: true,
  authentication: true,
};

export const provider: FieldsOf<OAuth2Provider> = {
  pk: true,
  name: true,
  authentication_flow: true,
  authorization_flow: true,
  invalidation_flow: true,
  property_mappings: true,
  component: true,
  assigned_application_slug: true,
  assigned_application_name: true,
  assigned_backchannel_application_slug: true,
  assigned_backchannel_application_name: true,
  verbose_name: true,
  verbose_name_plural: true,
  meta_model_name: true,
  client_type: true,
  client_id: true,
  client_secret: true,
  access_code_validity: true,
  access_token_validity: true,
  refresh_token_validity: true,
  refresh_token_threshold: true,
  include_claims_in_id_token: true,
  signing_key: true,
  encryption_key: true,
  redirect_uris: true,
  logout_uri: true,
  logout_method: true,
  sub_mode: true,
  issuer_mode: true,
  jwt_federation_sources: true,
  jwt_federation_providers: true,
};

export const scopeMapping: FieldsOf<ScopeMapping> = {
  pk: true,
  managed: true,
  name: true,
  expression: true,
  component: true,
  verbose_name: true,
  verbose_name_plural: true,
  meta_model_name: true,
  scope_name: true,
  description: true,
};
