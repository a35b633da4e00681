import type {
  Application,
  AuthenticatedSession,
  Brand,
  CertificateKeyPair,
  Flow,
  Group,
  OAuth2Provider,
  PolicyBinding,
  Role,
  ScopeMapping,
  Token,
  User,
  UserSelf,
} from "@goauthentik/api";

/** The official client has `metaIcon` for `meta_icon` of the API. */
export type OnTheWire<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${OnTheWire<Rest>}`
  : Name;

/** Fields of the client's release that 2026.5 lacks. */
type Later =
  | "pbm_uuid"
  | "meta_hide"
  | "grant_types"
  | "branding_map_tiles"
  | "flow_user_switch"
  | "flow_lockdown"
  | "flow_request"
  | "is_current";

type NameOf<Value> = Value extends string | Date
  ? "string"
  : Value extends number
    ? "number"
    : Value extends boolean
      ? "boolean"
      : Value extends readonly unknown[]
        ? "list"
        : "object";

type KindOf<Value> = null extends Value
  ? `${NameOf<NonNullable<Value>>} or null`
  : NameOf<NonNullable<Value>>;

/** Compiles only with exactly the fields of the official type, each with its type of values. */
type FieldsOf<Type> = {
  [Name in keyof Type & string as Exclude<OnTheWire<Name>, Later>]-?: KindOf<Type[Name]>;
};

/** The fields that are in a release and not in the recorded candidate before it. */
type LaterFieldsOf<Type> = {
  [Name in keyof Type & string as Extract<OnTheWire<Name>, Later>]-?: KindOf<Type[Name]>;
};

export const laterFields: {
  application: LaterFieldsOf<Application>;
  binding: Pick<Record<keyof PolicyBinding, string>, "expires" | "expiring">;
  brand: LaterFieldsOf<Brand>;
  currentUser: LaterFieldsOf<UserSelf>;
  provider: LaterFieldsOf<OAuth2Provider>;
} = {
  application: { pbm_uuid: "string", meta_hide: "boolean" },
  binding: { expires: "string or null", expiring: "boolean" },
  brand: {
    branding_map_tiles: "string",
    flow_lockdown: "string or null",
    flow_request: "string or null",
    flow_user_switch: "string or null",
  },
  currentUser: { is_current: "boolean" },
  provider: { grant_types: "list" },
};

export const application: FieldsOf<Application> = {
  pk: "string",
  name: "string",
  slug: "string",
  provider: "number or null",
  provider_obj: "object or null",
  backchannel_providers: "list",
  backchannel_providers_obj: "list",
  launch_url: "string or null",
  open_in_new_tab: "boolean",
  meta_launch_url: "string",
  meta_icon: "string",
  meta_icon_url: "string or null",
  meta_icon_themed_urls: "object or null",
  meta_description: "string",
  meta_publisher: "string",
  policy_engine_mode: "string",
  group: "string",
};

export const authenticatedSession: FieldsOf<AuthenticatedSession> = {
  uuid: "string",
  current: "boolean",
  user_agent: "object",
  geo_ip: "object or null",
  asn: "object or null",
  user: "number",
  last_ip: "string",
  last_user_agent: "string",
  last_used: "string",
  expires: "string",
};

/** A later release has bindings that expire. */
export const binding: FieldsOf<Omit<PolicyBinding, "expires" | "expiring">> = {
  pk: "string",
  policy: "string or null",
  group: "string or null",
  user: "number or null",
  policy_obj: "object or null",
  group_obj: "object or null",
  user_obj: "object or null",
  target: "string",
  negate: "boolean",
  enabled: "boolean",
  order: "number",
  timeout: "number",
  failure_result: "boolean",
};

export const brand: FieldsOf<Brand> = {
  brand_uuid: "string",
  domain: "string",
  _default: "boolean",
  branding_title: "string",
  branding_logo: "string",
  branding_favicon: "string",
  branding_custom_css: "string",
  branding_default_flow_background: "string",
  flow_authentication: "string or null",
  flow_invalidation: "string or null",
  flow_recovery: "string or null",
  flow_unenrollment: "string or null",
  flow_user_settings: "string or null",
  flow_device_code: "string or null",
  default_application: "string or null",
  web_certificate: "string or null",
  client_certificates: "list",
  attributes: "object",
};

export const certificate: FieldsOf<CertificateKeyPair> = {
  pk: "string",
  name: "string",
  fingerprint_sha256: "string or null",
  fingerprint_sha1: "string or null",
  cert_expiry: "string or null",
  cert_subject: "string or null",
  private_key_available: "boolean",
  key_type: "string or null",
  certificate_download_url: "string",
  private_key_download_url: "string",
  managed: "string or null",
};

export const currentUser: FieldsOf<UserSelf> = {
  pk: "number",
  username: "string",
  name: "string",
  is_active: "boolean",
  is_superuser: "boolean",
  groups: "list",
  roles: "list",
  email: "string",
  avatar: "string",
  uid: "string",
  settings: "object",
  type: "string",
  system_permissions: "list",
};

export const flow: FieldsOf<Flow> = {
  pk: "string",
  policybindingmodel_ptr_id: "string",
  name: "string",
  slug: "string",
  title: "string",
  designation: "string",
  background: "string",
  background_url: "string",
  background_themed_urls: "object or null",
  stages: "list",
  policies: "list",
  cache_count: "number",
  policy_engine_mode: "string",
  compatibility_mode: "boolean",
  export_url: "string",
  layout: "string",
  denied_action: "string",
  authentication: "string",
};

export const group: FieldsOf<Group> = {
  pk: "string",
  num_pk: "number",
  name: "string",
  is_superuser: "boolean",
  parents: "list",
  parents_obj: "list or null",
  users: "list",
  users_obj: "list or null",
  attributes: "object",
  roles: "list",
  roles_obj: "list",
  inherited_roles_obj: "list or null",
  children: "list",
  children_obj: "list or null",
};

export const provider: FieldsOf<OAuth2Provider> = {
  pk: "number",
  name: "string",
  authentication_flow: "string or null",
  authorization_flow: "string",
  invalidation_flow: "string",
  property_mappings: "list",
  component: "string",
  assigned_application_slug: "string or null",
  assigned_application_name: "string or null",
  assigned_backchannel_application_slug: "string or null",
  assigned_backchannel_application_name: "string or null",
  verbose_name: "string",
  verbose_name_plural: "string",
  meta_model_name: "string",
  client_type: "string",
  client_id: "string",
  client_secret: "string",
  access_code_validity: "string",
  access_token_validity: "string",
  refresh_token_validity: "string",
  refresh_token_threshold: "string",
  include_claims_in_id_token: "boolean",
  signing_key: "string or null",
  encryption_key: "string or null",
  redirect_uris: "list",
  logout_uri: "string",
  logout_method: "string",
  sub_mode: "string",
  issuer_mode: "string",
  jwt_federation_sources: "list",
  jwt_federation_providers: "list",
};

export const role: FieldsOf<Role> = {
  pk: "string",
  name: "string",
};

export const scopeMapping: FieldsOf<ScopeMapping> = {
  pk: "string",
  managed: "string or null",
  name: "string",
  expression: "string",
  component: "string",
  verbose_name: "string",
  verbose_name_plural: "string",
  meta_model_name: "string",
  scope_name: "string",
  description: "string",
};

export const token: FieldsOf<Token> = {
  pk: "string",
  managed: "string or null",
  identifier: "string",
  intent: "string",
  user: "number",
  user_obj: "object",
  description: "string",
  expires: "string or null",
  expiring: "boolean",
};

export const user: FieldsOf<User> = {
  pk: "number",
  username: "string",
  name: "string",
  is_active: "boolean",
  last_login: "string or null",
  date_joined: "string",
  is_superuser: "boolean",
  groups: "list",
  groups_obj: "list or null",
  roles: "list",
  roles_obj: "list or null",
  email: "string",
  avatar: "string",
  attributes: "object",
  uid: "string",
  path: "string",
  type: "string",
  uuid: "string",
  password_change_date: "string",
  last_updated: "string",
};
