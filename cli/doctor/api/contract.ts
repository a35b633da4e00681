import type {
  Application,
  Brand,
  CertificateKeyPair,
  Flow,
  Group,
  OAuth2Provider,
  PolicyBinding,
  ScopeMapping,
  User,
} from "../../../providers/authentik/wire";

export type FieldType = "string" | "integer" | "boolean" | "array" | "object";

/** A field's type, and the releases with the field if some lack it. */
export interface Field {
  readonly type: FieldType;
  readonly since?: string;
  readonly until?: string;
}

/** The fields of one kind of object that this program sends and reads. */
export interface Kind {
  /** The path below `/api/v3`. */
  readonly path: string;
  readonly sends?: Readonly<Record<string, Field>>;
  readonly reads: Readonly<Record<string, Field>>;
}

const string: Field = { type: "string" };
const integer: Field = { type: "integer" };
const boolean: Field = { type: "boolean" };
const array: Field = { type: "array" };
const object: Field = { type: "object" };
const since = (version: string, field: Field): Field => ({ ...field, since: version });
const until = (version: string, field: Field): Field => ({ ...field, until: version });

/** The compiler requires an entry for each field in wire.ts. */
type Fields<Item> = { readonly [Name in keyof Required<Item>]: Field };

function kind<Item>(path: string, reads: Fields<Item>, sends?: Readonly<Record<string, Field>>): Kind {
  return { path, reads: { ...reads }, ...(sends && { sends }) };
}

const provider = {
  name: string,
  authentication_flow: string,
  authorization_flow: string,
  invalidation_flow: string,
  property_mappings: array,
  client_type: string,
  client_id: string,
  client_secret: string,
  access_code_validity: string,
  access_token_validity: string,
  refresh_token_validity: string,
  include_claims_in_id_token: boolean,
  signing_key: string,
  encryption_key: string,
  redirect_uris: array,
  sub_mode: string,
  issuer_mode: string,
  jwt_federation_sources: array,
  jwt_federation_providers: array,
  refresh_token_threshold: since("2025.10.0", string),
  logout_uri: since("2025.10.0", string),
  backchannel_logout_uri: { type: "string", since: "2025.6.0", until: "2025.10.0" },
  logout_method: since("2025.10.0", string),
  grant_types: since("2026.5.0", array),
} as const;

const application = {
  name: string,
  slug: string,
  provider: integer,
  open_in_new_tab: boolean,
  meta_launch_url: string,
  meta_description: string,
  meta_publisher: string,
  policy_engine_mode: string,
  group: string,
  backchannel_providers: array,
  meta_hide: since("2026.5.0", boolean),
} as const;

const group = {
  name: string,
  is_superuser: boolean,
  attributes: object,
  roles: array,
  parents: since("2025.12.0", array),
  parent: until("2025.12.0", string),
} as const;

const user = {
  username: string,
  name: string,
  email: string,
  is_active: boolean,
  type: string,
  path: string,
  attributes: object,
  groups: array,
  roles: since("2025.12.0", array),
} as const;

const binding = {
  target: string,
  policy: string,
  group: string,
  user: integer,
  order: integer,
  negate: boolean,
  enabled: boolean,
  timeout: integer,
  failure_result: boolean,
} as const;

const scopeMapping = { name: string, scope_name: string, expression: string, description: string } as const;

const brand = {
  domain: string,
  default: boolean,
  branding_title: string,
  branding_logo: string,
  branding_favicon: string,
  flow_authentication: string,
  flow_invalidation: string,
  flow_recovery: string,
  flow_unenrollment: string,
  flow_user_settings: string,
  flow_device_code: string,
  default_application: string,
  web_certificate: string,
  attributes: object,
  branding_custom_css: since("2025.2.0", string),
  branding_default_flow_background: since("2025.2.0", string),
  branding_map_tiles: since("2026.8.0", string),
  client_certificates: since("2025.4.0", array),
  flow_lockdown: since("2026.5.0", string),
  flow_request: since("2026.8.0", string),
  flow_user_switch: since("2026.8.0", string),
} as const;

/** Everything that the resources send to authentik's API and read from it. */
export const contract: readonly Kind[] = [
  kind<CertificateKeyPair>(
    "/crypto/certificatekeypairs/",
    {
      pk: string,
      name: string,
      fingerprint_sha256: string,
      cert_expiry: string,
      private_key_available: boolean,
    },
    { name: string, certificate_data: string, key_data: string },
  ),
  kind<OAuth2Provider>(
    "/providers/oauth2/",
    { ...provider, pk: integer, assigned_application_slug: string },
    provider,
  ),
  kind<Application>(
    "/core/applications/",
    { ...application, pk: string, meta_icon: string, meta_icon_url: since("2025.12.0", string) },
    { ...application, meta_icon: since("2025.12.0", string) },
  ),
  kind<Group>("/core/groups/", { ...group, pk: string, users_obj: array }, group),
  kind<User>(
    "/core/users/",
    { ...user, pk: integer, uuid: string, is_superuser: boolean, groups_obj: array },
    user,
  ),
  kind<ScopeMapping>(
    "/propertymappings/provider/scope/",
    { ...scopeMapping, pk: string, managed: string },
    scopeMapping,
  ),
  kind<PolicyBinding>(
    "/policies/bindings/",
    {
      ...binding,
      pk: string,
      policy_obj: object,
      group_obj: object,
      user_obj: object,
      expiring: since("2026.8.0", boolean),
      expires: since("2026.8.0", string),
    },
    binding,
  ),
  kind<Brand>("/core/brands/", { ...brand, brand_uuid: string }, brand),
  kind<Flow>("/flows/instances/", { pk: string, slug: string, designation: string }),
];
