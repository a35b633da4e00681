import { isDeepStrictEqual } from "node:util";
import { givenOrSet } from "../core/unset";
import type { AuthentikClient } from "./client";
import { fromWire, toWire } from "./fields";
import type { OAuth2ProviderInputs as Inputs } from "./oauth2Provider";
import { flows, type Resolved } from "./oauth2ProviderReferences";
import { flowId, scopeMappingId } from "./references";
import { requireKey } from "./signingKeys";
import { type RedirectUri, type OAuth2Provider as Remote, returnedSecret } from "./wire";

/** Inputs without conversion, with their names in authentik's API. */
const plainFields = {
  name: "name",
  clientId: "client_id",
  clientSecret: "client_secret",
  clientType: "client_type",
  accessCodeValidity: "access_code_validity",
  accessTokenValidity: "access_token_validity",
  refreshTokenValidity: "refresh_token_validity",
  subMode: "sub_mode",
  issuerMode: "issuer_mode",
  includeClaimsInIdToken: "include_claims_in_id_token",
  jwtFederationSources: "jwt_federation_sources",
  jwtFederationProviders: "jwt_federation_providers",
} as const satisfies Partial<Record<keyof Inputs, keyof Remote>>;

/** Values on the server for inputs that are not set. */
const serverDefaults = {
  logoutUri: "",
  logoutMethod: "backchannel",
  refreshTokenThreshold: "seconds=0",
} as const;

/** The only grant that Proxmox uses. */
export const defaultGrantTypes = ["authorization_code"] as const;

/** The API's fields for these inputs. */
export async function body(
  client: AuthentikClient,
  wanted: Inputs,
  keys: ReadonlySet<string>,
): Promise<object> {
  const data: Record<string, unknown> = {
    ...versionedFields(wanted, keys),
    ...toWire(plainFields, wanted, keys),
  };
  for (const [key, name] of Object.entries(flows)) {
    const reference = wanted[key as keyof typeof flows];
    if (keys.has(key)) data[name] = reference === undefined ? null : await flowId(client, reference);
  }
  if (keys.has("signingKey")) {
    if (wanted.signingKey) await requireKey(client, "signingKey", wanted.signingKey);
    data.signing_key = wanted.signingKey ?? null;
  }
  if (keys.has("encryptionKey")) data.encryption_key = wanted.encryptionKey ?? null;
  if (keys.has("scopeMappings")) {
    data.property_mappings = await Promise.all(
      wanted.scopeMappings.map((reference) => scopeMappingId(client, reference)),
    );
  }
  if (keys.has("redirectUris") || keys.has("postLogoutRedirectUris")) {
    data.redirect_uris = [
      ...redirectUris(wanted.redirectUris, "authorization"),
      ...redirectUris(wanted.postLogoutRedirectUris, "logout"),
    ];
  }
  return data;
}

function versionedFields(wanted: Inputs, keys: ReadonlySet<string>): Record<string, unknown> {
  const {
    logoutUri = serverDefaults.logoutUri,
    logoutMethod = serverDefaults.logoutMethod,
    refreshTokenThreshold = serverDefaults.refreshTokenThreshold,
  } = wanted;
  return {
    // Releases 2025.6 and 2025.8 have the older name. Each version ignores the name of the other.
    ...(keys.has("logoutUri") && { logout_uri: logoutUri, backchannel_logout_uri: logoutUri }),
    ...(keys.has("logoutMethod") && { logout_method: logoutMethod }),
    ...(keys.has("refreshTokenThreshold") && { refresh_token_threshold: refreshTokenThreshold }),
    ...(keys.has("grantTypes") && { grant_types: wanted.grantTypes ?? defaultGrantTypes }),
  };
}

/** authentik stores an entry without one of these keys, and then fails at every read of the provider. */
function redirectUris(
  entries: Inputs["redirectUris"],
  type: NonNullable<RedirectUri["redirect_uri_type"]>,
): RedirectUri[] {
  return entries.map(({ url, matchingMode }) => ({
    matching_mode: matchingMode,
    url,
    redirect_uri_type: type,
  }));
}

export function observe({ provider, names }: Resolved, state: Inputs): Partial<Inputs> {
  const { logout_uri = provider.backchannel_logout_uri, logout_method, refresh_token_threshold } = provider;
  return {
    ...fromWire(plainFields, provider),
    // An unreadable secret is no drift.
    clientSecret: returnedSecret(provider) ?? state.clientSecret,
    ...names,
    signingKey: provider.signing_key ?? undefined,
    encryptionKey: provider.encryption_key ?? undefined,
    redirectUris: entries(provider, "authorization"),
    postLogoutRedirectUris: entries(provider, "logout"),
    jwtFederationSources: [...provider.jwt_federation_sources].sort(),
    jwtFederationProviders: [...provider.jwt_federation_providers].sort(),
    logoutUri: givenOrSet(logout_uri, serverDefaults.logoutUri, state.logoutUri),
    logoutMethod: givenOrSet(logout_method, serverDefaults.logoutMethod, state.logoutMethod),
    refreshTokenThreshold: givenOrSet(
      refresh_token_threshold,
      serverDefaults.refreshTokenThreshold,
      state.refreshTokenThreshold,
    ),
    grantTypes: grantTypesOf(provider, state),
  };
}

/** Undefined if the input is not set and the provider has the default grants, or if the version has no grants. */
function grantTypesOf({ grant_types }: Remote, { grantTypes }: Inputs): Inputs["grantTypes"] {
  const stored = grant_types && [...grant_types].sort();
  return grantTypes === undefined && isDeepStrictEqual(stored, [...defaultGrantTypes]) ? undefined : stored;
}

function entries(provider: Remote, type: RedirectUri["redirect_uri_type"]): Inputs["redirectUris"] {
  return provider.redirect_uris
    .filter((uri) => (uri.redirect_uri_type ?? "authorization") === type)
    .map((uri) => ({ url: uri.url, matchingMode: uri.matching_mode }));
}
