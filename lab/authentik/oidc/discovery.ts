import { type Lab, listOf, textOf } from "../lab";
import type { Document, Json } from "../store/store";
import { claimsSupported } from "./claims";
import { signingKeyOf } from "./keys";
import { endpointUrls, issuerOf } from "./urls";

const PROTOCOL_CLAIMS = ["sub", "iss", "aud", "exp", "iat", "auth_time", "acr", "amr", "nonce"];
export const DEFAULT_ACR = "goauthentik.io/providers/oauth2/default";

/** The application with this slug, and its provider. */
export async function findClient(lab: Lab, slug: string) {
  const application = (await lab.store.list("application")).find((candidate) => candidate.slug === slug);
  const provider = application && (await lab.store.get("provider", String(application.provider)));
  return application && provider ? { application, provider } : undefined;
}

export async function discoveryOf(lab: Lab, provider: Document, slug: string, origin: string): Promise<Json> {
  const urls = endpointUrls(origin, slug);
  const { algorithm } = await signingKeyOf(lab, provider);
  const newer = lab.profile.name === "2026.5";
  return {
    issuer: issuerOf(provider, slug, origin),
    authorization_endpoint: urls.authorize,
    token_endpoint: urls.token,
    userinfo_endpoint: urls.userinfo,
    end_session_endpoint: urls.endSession,
    introspection_endpoint: urls.introspect,
    revocation_endpoint: urls.revoke,
    device_authorization_endpoint: urls.device,
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
    ...(newer ? { frontchannel_logout_supported: true, frontchannel_logout_session_supported: true } : {}),
    response_types_supported: [
      "code",
      "id_token",
      "id_token token",
      "code token",
      "code id_token",
      "code id_token token",
    ],
    response_modes_supported: ["query", "fragment", "form_post"],
    jwks_uri: urls.jwks,
    grant_types_supported: [
      "authorization_code",
      "refresh_token",
      "implicit",
      "client_credentials",
      "password",
      "urn:ietf:params:oauth:grant-type:device_code",
    ],
    id_token_signing_alg_values_supported: [algorithm],
    ...(encrypts(provider)
      ? {
          id_token_encryption_alg_values_supported: ["RSA-OAEP-256"],
          id_token_encryption_enc_values_supported: ["A256CBC-HS512"],
        }
      : {}),
    subject_types_supported: ["public"],
    token_endpoint_auth_methods_supported: ["client_secret_post", "client_secret_basic"],
    acr_values_supported: [DEFAULT_ACR],
    scopes_supported: await scopesSupported(lab, provider),
    request_parameter_supported: false,
    claims_supported: [...PROTOCOL_CLAIMS, ...(await claimsSupported(lab, provider))],
    claims_parameter_supported: false,
    code_challenge_methods_supported: ["plain", "S256"],
  };
}

async function scopesSupported(lab: Lab, provider: Document): Promise<string[]> {
  const chosen = listOf(provider, "property_mappings");
  const mappings = await lab.store.list("scope_mapping");
  const scopes = mappings
    .filter((mapping) => chosen.includes(mapping.pk ?? null))
    .map((mapping) => textOf(mapping, "scope_name"));
  return scopes.includes("openid") ? scopes : ["openid", ...scopes];
}

function encrypts(provider: Document): boolean {
  return provider.encryption_key !== null;
}
