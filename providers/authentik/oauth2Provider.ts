import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { ResourceDefinition } from "../core/definition";
import { undefinedIfMissing } from "../core/gone";
import { agreeInMost, agreeInOne, keyOn } from "../core/ownership";
import { DefinedResource } from "../core/resource";
import { setOf } from "../core/setOf";
import { givenKeys } from "../core/unset";
import type { OAuth2ProviderArgs } from "./args/oauth2Provider";
import type { AuthentikClient } from "./client";
import { authentikConnection, connectAuthentik } from "./connection";
import { type ReferenceIds, type Resolved, resolve } from "./oauth2ProviderReferences";
import { body, observe } from "./oauth2ProviderWire";
import { askAuthentikVersion, authentikVersions } from "./versions";
import { grantTypes, returnedSecret } from "./wire";

const managedScope = "goauthentik.io/providers/oauth2/scope-";

/** The scope mappings that an OpenID Connect client needs. authentik gives a new provider none. */
export const defaultScopeMappings = ["email", "openid", "profile"].map((scope) => managedScope + scope);

/** authentik's duration, e.g. `hours=1;minutes=30`. */
const duration = z
  .string()
  .regex(
    /^(microseconds|milliseconds|seconds|minutes|hours|days|weeks)=\d+(;(microseconds|milliseconds|seconds|minutes|hours|days|weeks)=\d+)*$/,
    "must be like `minutes=10` or `hours=1;minutes=30`",
  );

/** authentik 2026.8 refuses other characters. */
const printableAscii = z
  .string()
  .trim()
  .min(1)
  .max(255)
  .regex(
    /^[ -~]*$/,
    "may have printable ASCII characters only: authentik 2026.8 and later refuse all others",
  );

const redirectUri = z.strictObject({
  /** The URI, or a regular expression that the URI must match. */
  url: z.string().trim().min(1),
  /** Whether `url` is compared byte by byte or is a regular expression. */
  matchingMode: z.enum(["strict", "regex"]).default("strict"),
});

const inputs = z.object({
  authentik: authentikConnection,
  /** Name of the provider, unique in authentik. */
  name: z.string().trim().min(1),
  /**
   * The name with which Proxmox authenticates to authentik, unique there. Only letters, digits, `.`, `_`, `*` and `-`
   * work with Proxmox (RFC 6749, 2.3.1).
   */
  clientId: printableAscii,
  /** The password with which Proxmox authenticates to authentik. The same characters work. */
  clientSecret: printableAscii,
  /** `confidential` clients have a secret, as Proxmox does. */
  clientType: z.enum(["confidential", "public"]).default("confidential"),
  /**
   * URIs to which the browser may return after a login. Proxmox sends exactly `location.origin` of the page. Never
   * empty, because authentik then stores the first URI that anybody sends.
   */
  redirectUris: z
    .array(redirectUri)
    .min(1, "must have at least one entry: with none, authentik stores the first URI that anybody sends"),
  /** URIs to which the browser may return after a logout. authentik 2026.5 and later. */
  postLogoutRedirectUris: z.array(redirectUri).default([]),
  /** URL at which authentik notifies the client of a logout. authentik 2025.6 and later. */
  logoutUri: z.url().optional(),
  /**
   * Whether the server or the browser notifies the client. authentik 2025.10 and later. @default backchannel on the
   * server
   */
  logoutMethod: z.enum(["backchannel", "frontchannel"]).optional(),
  /**
   * Grants that the client may use. A provider without any refuses every login. authentik 2026.5 and later.
   * @default authorization_code, the one that Proxmox uses
   */
  grantTypes: setOf(z.enum(grantTypes))
    .refine((grants) => grants.length > 0, "must have at least one: with none, authentik refuses every login")
    .optional(),
  /**
   * Id (`pk`) of the certificate that signs ID tokens. Without one, HS256 signs them, which Proxmox cannot verify.
   */
  signingKey: z.uuid().optional(),
  /** Id of a certificate that encrypts ID tokens. Proxmox cannot read those. */
  encryptionKey: z.uuid().optional(),
  /** Slug or id of the flow for a login. Without one, the brand's flow applies. */
  authenticationFlow: z.string().min(1).optional(),
  /** Slug or id of the flow that asks for consent. */
  authorizationFlow: z.string().min(1).default("default-provider-authorization-implicit-consent"),
  /** Slug or id of the flow for logging out. */
  invalidationFlow: z.string().min(1).default("default-provider-invalidation-flow"),
  /** The scope mappings, which produce the claims: each by `managed` name, scope name or id. */
  scopeMappings: setOf(z.string().min(1)).default(defaultScopeMappings),
  /** Time in which a login's code can be exchanged for tokens, as a duration of authentik: `hours=1;minutes=30`. */
  accessCodeValidity: duration.default("minutes=1"),
  /** Validity of an access token and an ID token. Proxmox uses them at the login only. */
  accessTokenValidity: duration.default("hours=1"),
  /** Validity of a refresh token. Proxmox requests none. */
  refreshTokenValidity: duration.default("days=30"),
  /**
   * A refresh token is renewed if less time than this is left. authentik 2025.10 and later. @default seconds=0 on the
   * server: always
   */
  refreshTokenThreshold: duration.optional(),
  /** The source of the claim `sub`. The default gives 64 hexadecimal characters, too many for a Proxmox user name. */
  subMode: z
    .enum(["hashed_user_id", "user_id", "user_uuid", "user_username", "user_email", "user_upn"])
    .default("hashed_user_id"),
  /** Proxmox requires `per_provider`, because it looks for discovery below the issuer. */
  issuerMode: z.enum(["per_provider", "global"]).default("per_provider"),
  /** Whether the ID token contains the claims too, not only the userinfo endpoint. */
  includeClaimsInIdToken: z.boolean().default(true),
  /** Ids of the OAuth sources whose JWTs authenticate this client. */
  jwtFederationSources: setOf(z.uuid()).default([]),
  /** Ids (`pk`) of the OAuth2 providers whose JWTs authenticate this client. */
  jwtFederationProviders: setOf(z.int()).default([]),
  /** The random, unique input that proves that an existing provider belongs to the stack. */
  ownershipProof: z.enum(["clientId", "clientSecret", "none"]).default("none"),
  /** Take over a provider that exists already. */
  adopt: z.boolean().default(false),
});

export type OAuth2ProviderInputs = z.output<typeof inputs>;

export const oauth2ProviderDefinition: ResourceDefinition<
  typeof inputs,
  Resolved,
  { pk: number; referenceIds?: ReferenceIds },
  AuthentikClient
> = {
  type: "authentik:OAuth2Provider",
  title: "authentik OAuth2 provider",
  inputs,
  ownership: {
    keys: ({ authentik, pk }) => [keyOn(authentik, pk)],
    matches({ provider }, state) {
      // The id is an integer, and a server that is installed again uses the same integers.
      const name = [provider.name, state.name] as const;
      const id = [provider.client_id, state.clientId] as const;
      const told = returnedSecret(provider);
      const secret = [told, told === undefined ? undefined : state.clientSecret] as const;
      if (state.ownershipProof === "clientId") return agreeInOne(id, secret);
      return agreeInMost(name, id, secret);
    },
  },
  replaceOn: [],
  namesAreUnique: true,
  secrets: ["clientSecret"],
  versions: { server: "authentik", since: authentikVersions.oauth2Provider, ask: askAuthentikVersion },
  id: ({ name }) => name,
  connect: ({ authentik }, credentials) => connectAuthentik(authentik, credentials),

  async find(client, wanted) {
    const [provider] = [
      ...(await client.oauth2Providers.list({ client_id: wanted.clientId })),
      ...(await client.oauth2Providers.list({ name: wanted.name })),
    ];
    if (provider === undefined) return undefined;
    const sameId = provider.client_id === wanted.clientId;
    // Only this stack has the private key of its certificate.
    const sameKey = wanted.signingKey !== undefined && provider.signing_key === wanted.signingKey;
    const proofs = {
      clientId: sameId,
      clientSecret: sameId && (returnedSecret(provider) === wanted.clientSecret || sameKey),
      none: false,
    };
    // An unreadable client secret may have any value. After adoption, the provider gets this stack's secret.
    const found = { ...provider, client_secret: returnedSecret(provider) ?? "" };
    return {
      remote: await resolve(client, found, wanted),
      ours: proofs[wanted.ownershipProof],
      description: `A provider "${provider.name}" with client ID "${provider.client_id}"`,
    };
  },

  async create(client, wanted) {
    // authentik's own default is an empty list of grants. Versions without grants ignore the field.
    const data = await body(client, wanted, new Set([...givenKeys(wanted), "grantTypes"]));
    return resolve(client, await client.oauth2Providers.create(data), wanted);
  },

  async read(client, state) {
    const provider = await undefinedIfMissing(client.oauth2Providers.read(state.pk));
    if (provider === undefined) return undefined;
    const resolved = await resolve(client, provider, state, state.referenceIds);
    // The state of an older version lacks `referenceIds`. A refresh without drift must not add it.
    return state.referenceIds ? resolved : { ...resolved, referenceIds: undefined };
  },

  async update(client, current, wanted, changed) {
    const data = await body(client, wanted, changed);
    return resolve(client, await client.oauth2Providers.patch(current.pk, data), wanted);
  },

  async delete(client, state) {
    await undefinedIfMissing(client.oauth2Providers.delete(state.pk));
  },

  observe,
  outputs: ({ provider, referenceIds }) => ({ pk: provider.pk, ...(referenceIds && { referenceIds }) }),
};

export type { OAuth2ProviderArgs };

/** An OAuth2/OpenID provider of authentik. */
export class OAuth2Provider extends DefinedResource<typeof inputs, OAuth2ProviderArgs> {
  /** The id that an application references. */
  declare readonly pk: pulumi.Output<number>;
  declare readonly clientId: pulumi.Output<string>;
  declare readonly clientSecret: pulumi.Output<string>;

  constructor(name: string, args: OAuth2ProviderArgs, options?: pulumi.CustomResourceOptions) {
    super(oauth2ProviderDefinition, ["pk"], name, args, options);
  }
}
