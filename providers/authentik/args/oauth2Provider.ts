// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.
import type * as pulumi from "@pulumi/pulumi";
import type { AuthentikConnectionArgs } from "./connection";

/** Arguments of `OAuth2Provider`. An OAuth2/OpenID provider of authentik. */
export interface OAuth2ProviderArgs {
  /** The connection to authentik. */
  authentik: pulumi.Input<AuthentikConnectionArgs>;

  /** Name of the provider, unique in authentik. */
  name: pulumi.Input<string>;

  /**
   * The name with which Proxmox authenticates to authentik, unique there. Only letters, digits, `.`, `_`, `*`
   * and `-` work with Proxmox (RFC 6749, 2.3.1). Error: *may have printable ASCII characters only: authentik
   * 2026.8 and later refuse all others*.
   * Text, at most 255 characters.
   */
  clientId: pulumi.Input<string>;

  /**
   * The password with which Proxmox authenticates to authentik. The same characters work. Error: *may have
   * printable ASCII characters only: authentik 2026.8 and later refuse all others*.
   * Text, at most 255 characters; secret.
   */
  clientSecret: pulumi.Input<string>;

  /**
   * `confidential` clients have a secret, as Proxmox does.
   * @default `confidential`
   */
  clientType?: pulumi.Input<"confidential" | "public" | undefined>;

  /**
   * URIs to which the browser may return after a login. Proxmox sends exactly `location.origin` of the page.
   * Never empty, because authentik then stores the first URI that anybody sends. Error: *must have at least
   * one entry: with none, authentik stores the first URI that anybody sends*.
   */
  redirectUris: pulumi.Input<pulumi.Input<{
    /** The URI, or a regular expression that the URI must match. */
    url: pulumi.Input<string>;

    /**
     * Whether `url` is compared byte by byte or is a regular expression.
     * @default `strict`
     */
    matchingMode?: pulumi.Input<"strict" | "regex" | undefined>;
  }>[]>;

  /**
   * URIs to which the browser may return after a logout.
   * @default `[]`
   * @since authentik 2026.5
   */
  postLogoutRedirectUris?: pulumi.Input<pulumi.Input<{
    /** The URI, or a regular expression that the URI must match. */
    url: pulumi.Input<string>;

    /**
     * Whether `url` is compared byte by byte or is a regular expression.
     * @default `strict`
     */
    matchingMode?: pulumi.Input<"strict" | "regex" | undefined>;
  }>[] | undefined>;

  /**
   * URL at which authentik notifies the client of a logout.
   * URL.
   * @since authentik 2025.6
   */
  logoutUri?: pulumi.Input<string | undefined>;

  /**
   * Whether the server or the browser notifies the client.
   * @default backchannel on the server
   * @since authentik 2025.10
   */
  logoutMethod?: pulumi.Input<"backchannel" | "frontchannel" | undefined>;

  /**
   * Grants that the client may use. A provider without any refuses every login.
   * List: `authorization_code`, `implicit`, `hybrid`, `refresh_token`, `client_credentials`, `password`,
   * `urn:ietf:params:oauth:grant-type:device_code` or `urn:ietf:params:oauth:grant-type:token-exchange`.
   * @default authorization_code, the one that Proxmox uses
   * @since authentik 2026.5
   */
  grantTypes?: pulumi.Input<pulumi.Input<"authorization_code" | "implicit" | "hybrid" | "refresh_token" | "client_credentials" | "password" | "urn:ietf:params:oauth:grant-type:device_code" | "urn:ietf:params:oauth:grant-type:token-exchange">[] | undefined>;

  /**
   * Id (`pk`) of the certificate that signs ID tokens. Without one, HS256 signs them, which Proxmox cannot
   * verify.
   * UUID.
   */
  signingKey?: pulumi.Input<string | undefined>;

  /**
   * Id of a certificate that encrypts ID tokens. Proxmox cannot read those.
   * UUID.
   */
  encryptionKey?: pulumi.Input<string | undefined>;

  /** Slug or id of the flow for a login. Without one, the brand's flow applies. */
  authenticationFlow?: pulumi.Input<string | undefined>;

  /**
   * Slug or id of the flow that asks for consent.
   * @default `default-provider-authorization-implicit-consent`
   */
  authorizationFlow?: pulumi.Input<string | undefined>;

  /**
   * Slug or id of the flow for logging out.
   * @default `default-provider-invalidation-flow`
   */
  invalidationFlow?: pulumi.Input<string | undefined>;

  /**
   * The scope mappings, which produce the claims: each by `managed` name, scope name or id.
   * @default `goauthentik.io/providers/oauth2/scope-email`, `goauthentik.io/providers/oauth2/scope-openid`,
   * `goauthentik.io/providers/oauth2/scope-profile`
   */
  scopeMappings?: pulumi.Input<pulumi.Input<string>[] | undefined>;

  /**
   * Time in which a login's code can be exchanged for tokens, as a duration of authentik:
   * `hours=1;minutes=30`. Error: *must be like `minutes=10` or `hours=1;minutes=30`*.
   * @default `minutes=1`
   */
  accessCodeValidity?: pulumi.Input<string | undefined>;

  /**
   * Validity of an access token and an ID token. Proxmox uses them at the login only. Error: *must be like
   * `minutes=10` or `hours=1;minutes=30`*.
   * @default `hours=1`
   */
  accessTokenValidity?: pulumi.Input<string | undefined>;

  /**
   * Validity of a refresh token. Proxmox requests none. Error: *must be like `minutes=10` or
   * `hours=1;minutes=30`*.
   * @default `days=30`
   */
  refreshTokenValidity?: pulumi.Input<string | undefined>;

  /**
   * A refresh token is renewed if less time than this is left. Error: *must be like `minutes=10` or
   * `hours=1;minutes=30`*.
   * @default seconds=0 on the server: always
   * @since authentik 2025.10
   */
  refreshTokenThreshold?: pulumi.Input<string | undefined>;

  /**
   * The source of the claim `sub`. The default gives 64 hexadecimal characters, too many for a Proxmox user
   * name.
   * @default `hashed_user_id`
   */
  subMode?: pulumi.Input<"hashed_user_id" | "user_id" | "user_uuid" | "user_username" | "user_email" | "user_upn" | undefined>;

  /**
   * Proxmox requires `per_provider`, because it looks for discovery below the issuer.
   * @default `per_provider`
   */
  issuerMode?: pulumi.Input<"per_provider" | "global" | undefined>;

  /**
   * Whether the ID token contains the claims too, not only the userinfo endpoint.
   * @default `true`
   */
  includeClaimsInIdToken?: pulumi.Input<boolean | undefined>;

  /**
   * Ids of the OAuth sources whose JWTs authenticate this client.
   * List: UUID.
   * @default `[]`
   */
  jwtFederationSources?: pulumi.Input<pulumi.Input<string>[] | undefined>;

  /**
   * Ids (`pk`) of the OAuth2 providers whose JWTs authenticate this client.
   * List: whole number.
   * @default `[]`
   */
  jwtFederationProviders?: pulumi.Input<pulumi.Input<number>[] | undefined>;

  /**
   * The random, unique input that proves that an existing provider belongs to the stack.
   * @default `none`
   */
  ownershipProof?: pulumi.Input<"clientId" | "clientSecret" | "none" | undefined>;

  /**
   * Take over a provider that exists already.
   * @default `false`
   */
  adopt?: pulumi.Input<boolean | undefined>;
}
