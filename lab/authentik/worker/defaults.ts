import type { StageName } from "../api/kind";
import type { Document } from "../store/store";

/** The objects of authentik's blueprints, as recorded. */

interface DefaultFlow {
  slug: string;
  name: string;
  title: string;
  designation: string;
  authentication: string;
  stages: DefaultStage[];
}

interface DefaultStage extends Document {
  kind: StageName;
  name: string;
}

export const FLOWS: DefaultFlow[] = [
  {
    slug: "default-authentication-flow",
    name: "Welcome to authentik!",
    title: "Welcome to authentik!",
    designation: "authentication",
    authentication: "none",
    stages: [
      {
        kind: "stage_identification",
        name: "default-authentication-identification",
        user_fields: ["email", "username"],
      },
      { kind: "stage_password", name: "default-authentication-password" },
      { kind: "stage_authenticator_validate", name: "default-authentication-mfa-validation" },
      { kind: "stage_user_login", name: "default-authentication-login" },
    ],
  },
  {
    slug: "default-invalidation-flow",
    name: "Logout",
    title: "Default Invalidation Flow",
    designation: "invalidation",
    authentication: "none",
    stages: [{ kind: "stage_user_logout", name: "default-invalidation-logout" }],
  },
  {
    slug: "default-user-settings-flow",
    name: "User settings",
    title: "Update your info",
    designation: "stage_configuration",
    authentication: "require_authenticated",
    stages: [
      { kind: "stage_prompt", name: "default-user-settings" },
      { kind: "stage_user_write", name: "default-user-settings-write" },
    ],
  },
  {
    slug: "default-provider-authorization-explicit-consent",
    name: "Authorize Application",
    title: "Redirecting to %(app)s",
    designation: "authorization",
    authentication: "require_authenticated",
    stages: [{ kind: "stage_consent", name: "default-provider-authorization-consent" }],
  },
  {
    slug: "default-provider-authorization-implicit-consent",
    name: "Authorize Application",
    title: "Redirecting to %(app)s",
    designation: "authorization",
    authentication: "require_authenticated",
    stages: [],
  },
  {
    slug: "default-provider-invalidation-flow",
    name: "Logged out of application",
    title: "You've logged out of %(app)s.",
    designation: "invalidation",
    authentication: "none",
    stages: [],
  },
];

const MAPPING = "authentik default OAuth Mapping:";

/** In the order in which the real server lists them at a provider. */
export function scopeMappings(groupsRelation: "groups" | "ak_groups"): Document[] {
  return [
    {
      managed: "goauthentik.io/providers/oauth2/scope-openid",
      name: `${MAPPING} OpenID 'openid'`,
      scope_name: "openid",
      description: "",
      expression:
        "# This scope is required by the OpenID-spec, and must as such exist in authentik.\n# The scope by itself does not grant any information\nreturn {}",
    },
    {
      managed: "goauthentik.io/providers/oauth2/scope-email",
      name: `${MAPPING} OpenID 'email'`,
      scope_name: "email",
      description: "Email address",
      expression: 'return {\n    "email": request.user.email,\n    "email_verified": False\n}',
    },
    {
      managed: "goauthentik.io/providers/oauth2/scope-profile",
      name: `${MAPPING} OpenID 'profile'`,
      scope_name: "profile",
      description: "General Profile Information",
      expression: `return {
    # Because authentik only saves the user's full name, and has no concept of first and last names,
    # the full name is used as given name.
    # You can override this behaviour in custom mappings, i.e. \`request.user.name.split(" ")\`
    "name": request.user.name,
    "given_name": request.user.name,
    "preferred_username": request.user.username,
    "nickname": request.user.username,
    "groups": [group.name for group in request.user.${groupsRelation}.all()],
}`,
    },
    {
      managed: "goauthentik.io/providers/oauth2/scope-offline_access",
      name: `${MAPPING} OpenID 'offline_access'`,
      scope_name: "offline_access",
      description: "Access to request new tokens without interaction",
      expression:
        "# This scope grants the application a refresh token that can be used to refresh user data\n# and let the application access authentik without the users interaction\nreturn {}",
    },
    {
      managed: "goauthentik.io/providers/oauth2/scope-entitlements",
      name: `${MAPPING} Application Entitlements`,
      scope_name: "entitlements",
      description: "Application entitlements",
      expression:
        'entitlements = [entitlement.name for entitlement in request.user.app_entitlements(provider.application)]\nreturn {\n    "entitlements": entitlements,\n    "roles": entitlements,\n}',
    },
    {
      managed: "goauthentik.io/providers/oauth2/scope-authentik_api",
      name: `${MAPPING} authentik API access`,
      scope_name: "goauthentik.io/api",
      description: "authentik API Access on behalf of your user",
      expression:
        "# This scope grants the application the ability to access the authentik API\n# on behalf of the authorizing user\nreturn {}",
    },
    {
      managed: "goauthentik.io/providers/proxy/scope-proxy",
      name: `${MAPPING} Proxy outpost`,
      scope_name: "ak_proxy",
      description: "authentik Proxy - User information",
      expression:
        '# This mapping is used by the authentik proxy. It passes extra user attributes,\n# which are used for example for the HTTP-Basic Authentication mapping.\nreturn {\n    "ak_proxy": {\n        "user_attributes": request.user.group_attributes(request),\n        "is_superuser": request.user.is_superuser,\n    }\n}',
    },
  ];
}
