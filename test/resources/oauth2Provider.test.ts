import { CURRENT, RELEASED } from "../../lab/authentik/profile";
import { oauth2ProviderDefinition } from "../../providers/authentik/oauth2Provider";
import { AuthentikSimulator, type Properties } from "./simulators";
import { type InputCase, testEachInput } from "./table";

const scope = "goauthentik.io/providers/oauth2/scope-";
const strict = (url: string) => ({ url, matchingMode: "strict" });
const source = "11111111-1111-4111-8111-111111111111";

for (const profile of [CURRENT, RELEASED, "2026.5", "2025.10"]) {
  const authentik = new AuthentikSimulator(profile);
  const isNew = profile !== "2025.10";
  const isReleased = profile === RELEASED || profile === CURRENT;
  const made: Record<string, unknown> = {};

  const current = () => authentik.find("providers/oauth2/?client_id=client");
  const patch = (fields: Properties | (() => Properties)) => async () => {
    const { pk } = await current();
    await authentik.call(
      "PATCH",
      `providers/oauth2/${pk}/`,
      typeof fields === "function" ? fields() : fields,
    );
  };
  const storedUri = (url: string, type = "authorization") => ({
    matching_mode: "strict",
    url,
    ...(isNew && { redirect_uri_type: type }),
  });

  const onlyNew: Record<string, InputCase> = {
    postLogoutRedirectUris: {
      to: [strict("https://pve.example.com:8006/bye")],
      drift: patch({
        redirect_uris: [storedUri("https://pve.example.com:8006"), storedUri("https://x", "logout")],
      }),
    },
    logoutMethod: { to: "frontchannel", drift: patch({ logout_method: "frontchannel" }) },
    refreshTokenThreshold: { to: "hours=1", drift: patch({ refresh_token_threshold: "hours=2" }) },
  };

  testEachInput({
    title: `OAuth2Provider on authentik ${profile}`,
    definition: oauth2ProviderDefinition,
    base: () => ({
      authentik: authentik.connection,
      name: "ours",
      clientId: "client",
      clientSecret: "secret of the client",
      redirectUris: [strict("https://pve.example.com:8006")],
    }),
    async prepare() {
      const flow = await authentik.find("flows/instances/?slug=default-authentication-flow");
      const certificate = await authentik.find("crypto/certificatekeypairs/");
      const email = await authentik.find(`propertymappings/provider/scope/?managed=${scope}email`);
      const other = await authentik.call("POST", "providers/oauth2/", {
        name: "other",
        authorization_flow: flow.pk,
        invalidation_flow: flow.pk,
        redirect_uris: [],
      });
      Object.assign(made, {
        flow: flow.pk,
        certificate: certificate.pk,
        email: email.pk,
        provider: other.pk,
      });
    },
    onServer: ({ pk }) => authentik.call("GET", `providers/oauth2/${pk}/`),
    inputs: {
      authentik: {
        to: () => ({ ...authentik.connection, url: `${authentik.running.httpUrl}/` }),
        onlyHere: true,
      },
      name: { to: "PVE", drift: patch({ name: "x" }) },
      clientId: { to: "other client", drift: patch({ client_id: "x" }) },
      clientSecret: { to: "other secret", drift: patch({ client_secret: "leaked" }) },
      clientType: { to: "public", drift: patch({ client_type: "public" }) },
      redirectUris: {
        to: [
          strict("https://10.0.0.1:8006"),
          { url: "https://pve\\d\\.example\\.com", matchingMode: "regex" },
        ],
        drift: patch({ redirect_uris: [] }),
      },
      logoutUri: {
        to: "https://pve.example.com/logout",
        drift: patch({ [isNew ? "logout_uri" : "backchannel_logout_uri"]: "https://x/" }),
      },
      signingKey: { to: () => made.certificate, drift: patch(() => ({ signing_key: made.certificate })) },
      encryptionKey: {
        to: () => made.certificate,
        drift: patch(() => ({ encryption_key: made.certificate })),
      },
      authenticationFlow: {
        to: "default-authentication-flow",
        drift: patch(() => ({ authentication_flow: made.flow })),
      },
      authorizationFlow: {
        to: "default-provider-authorization-explicit-consent",
        drift: patch(() => ({ authorization_flow: made.flow })),
      },
      invalidationFlow: { to: () => made.flow, drift: patch(() => ({ invalidation_flow: made.flow })) },
      scopeMappings: {
        to: () => [made.email, "openid"],
        drift: patch(() => ({ property_mappings: [made.email] })),
      },
      accessCodeValidity: { to: "minutes=2", drift: patch({ access_code_validity: "minutes=5" }) },
      accessTokenValidity: { to: "minutes=10", drift: patch({ access_token_validity: "days=1" }) },
      refreshTokenValidity: { to: "days=1;hours=6", drift: patch({ refresh_token_validity: "days=365" }) },
      subMode: { to: "user_uuid", drift: patch({ sub_mode: "user_email" }) },
      issuerMode: { to: "global", drift: patch({ issuer_mode: "global" }) },
      includeClaimsInIdToken: { to: false, drift: patch({ include_claims_in_id_token: false }) },
      jwtFederationSources: { to: [source], drift: patch({ jwt_federation_sources: [source] }) },
      jwtFederationProviders: {
        to: () => [made.provider],
        drift: patch(() => ({ jwt_federation_providers: [made.provider] })),
      },
      ownershipProof: { to: "clientId", onlyHere: true },
      adopt: { to: true, shows: "nothing" },
      ...(isNew && onlyNew),
      ...(isReleased && {
        grantTypes: {
          to: ["refresh_token", "authorization_code"],
          drift: patch({ grant_types: ["authorization_code", "password"] }),
        },
      }),
    },
    lacking: {
      ...(!isReleased && { grantTypes: { to: ["authorization_code"], version: "2026.5" } }),
      ...(!isNew && {
        postLogoutRedirectUris: { to: [strict("https://pve.example.com/bye")], version: "2026.5" },
        logoutMethod: { to: "frontchannel", version: "2025.10" },
        refreshTokenThreshold: { to: "hours=1", version: "2025.10" },
      }),
    },
  });
}
