import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { ResourceDefinition } from "../core/definition";
import { unlessGone } from "../core/gone";
import { type ArgsOf, DefinedResource } from "../core/resource";
import type { AuthentikClient } from "./client";
import { authentikConnection, connectAuthentik } from "./connection";
import type { OAuth2Provider as Remote } from "./wire";

const managedScope = "goauthentik.io/providers/oauth2/scope-";

/** authentik's duration, e.g. `hours=1;minutes=30`. */
const duration = z
  .string()
  .regex(
    /^(microseconds|milliseconds|seconds|minutes|hours|days|weeks)=\d+(;(microseconds|milliseconds|seconds|minutes|hours|days|weeks)=\d+)*$/,
    "must be like `minutes=10` or `hours=1;minutes=30`",
  );

const inputs = z.object({
  authentik: authentikConnection,
  name: z.string().trim().min(1),
  clientId: z.string().trim().min(1).max(255),
  clientSecret: z.string().trim().min(1).max(255),
  /** `confidential` clients keep a secret, as Proxmox does. */
  clientType: z.enum(["confidential", "public"]).default("confidential"),
  /**
   * Where the browser may be sent back, compared with what Proxmox sends: exactly `location.origin` of the page.
   * Never empty, since authentik then stores the first URI that anybody sends.
   */
  redirectUris: z
    .array(
      z.strictObject({ url: z.string().min(1), matchingMode: z.enum(["strict", "regex"]).default("strict") }),
    )
    .min(1, "must have at least one entry: with none, authentik stores the first URI that anybody sends"),
  /** Id of the certificate that signs ID tokens. Without one they are signed by HS256, which Proxmox cannot verify. */
  signingKey: z.uuid().optional(),
  /** Id of a certificate that encrypts ID tokens. Proxmox cannot read those. */
  encryptionKey: z.uuid().optional(),
  /** Slug of the flow that asks for consent. */
  authorizationFlow: z.string().min(1).default("default-provider-authorization-implicit-consent"),
  /** Slug of the flow for logging out. */
  invalidationFlow: z.string().min(1).default("default-provider-invalidation-flow"),
  /** `managed` names of the scope mappings, which make the claims. */
  scopeMappings: z
    .array(z.string().min(1))
    .default([`${managedScope}email`, `${managedScope}openid`, `${managedScope}profile`])
    .transform((names) => [...new Set(names)].sort()),
  accessCodeValidity: duration.default("minutes=1"),
  accessTokenValidity: duration.default("hours=1"),
  refreshTokenValidity: duration.default("days=30"),
  /** What `sub` is made of. */
  subMode: z
    .enum(["hashed_user_id", "user_id", "user_uuid", "user_username", "user_email", "user_upn"])
    .default("hashed_user_id"),
  /** Proxmox needs `per_provider`: it looks for discovery below the issuer. */
  issuerMode: z.enum(["per_provider", "global"]).default("per_provider"),
  includeClaimsInIdToken: z.boolean().default(true),
  /** Which input proves that a provider found in place is ours: one that is random and ours alone. */
  ownershipProof: z.enum(["clientId", "clientSecret", "none"]).default("none"),
  /** Bring a provider that exists already under this stack. */
  adopt: z.boolean().default(false),
});

type Inputs = z.output<typeof inputs>;

/** Inputs that travel as they are, by their name on the wire. */
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
} as const satisfies Partial<Record<keyof Inputs, keyof Remote>>;

/** The provider with its references told by the names that the inputs use. */
interface Resolved {
  readonly provider: Remote;
  readonly authorizationFlow: string;
  readonly invalidationFlow: string;
  readonly scopeMappings: string[];
}

export const oauth2ProviderDefinition: ResourceDefinition<
  typeof inputs,
  Resolved,
  { pk: number },
  AuthentikClient
> = {
  type: "authentik:OAuth2Provider",
  title: "authentik OAuth2 provider",
  inputs,
  replaceOn: [],
  namesAreUnique: true,
  secrets: ["clientSecret"],
  id: ({ name }) => name,
  connect: ({ authentik }, credentials) => connectAuthentik(authentik, credentials),

  async find(client, wanted) {
    const [provider] = [
      ...(await client.oauth2Providers.list({ client_id: wanted.clientId })),
      ...(await client.oauth2Providers.list({ name: wanted.name })),
    ];
    if (provider === undefined) return undefined;
    const proofs = {
      clientId: provider.client_id === wanted.clientId,
      clientSecret: provider.client_id === wanted.clientId && provider.client_secret === wanted.clientSecret,
      none: false,
    };
    return {
      remote: await resolve(client, provider, wanted),
      ours: proofs[wanted.ownershipProof],
      description: `A provider "${provider.name}" with client ID "${provider.client_id}"`,
    };
  },

  async create(client, wanted) {
    const data = await body(client, wanted, new Set(Object.keys(inputs.shape)));
    return resolve(client, await client.oauth2Providers.create(data), wanted);
  },

  async read(client, state) {
    const provider = await unlessGone(client.oauth2Providers.get(state.pk));
    return provider && resolve(client, provider, state);
  },

  async update(client, current, wanted, changed) {
    const data = await body(client, wanted, changed);
    return resolve(client, await client.oauth2Providers.patch(current.pk, data), wanted);
  },

  async delete(client, state) {
    await unlessGone(client.oauth2Providers.delete(state.pk));
  },

  observe: ({ provider, ...references }) => ({
    ...Object.fromEntries(Object.entries(plainFields).map(([key, name]) => [key, provider[name]])),
    ...references,
    signingKey: provider.signing_key ?? undefined,
    encryptionKey: provider.encryption_key ?? undefined,
    redirectUris: provider.redirect_uris.map((uri) => ({ url: uri.url, matchingMode: uri.matching_mode })),
  }),

  outputs: ({ provider }) => ({ pk: provider.pk }),
};

async function body(client: AuthentikClient, wanted: Inputs, keys: ReadonlySet<string>): Promise<object> {
  const data: Record<string, unknown> = {};
  for (const [key, name] of Object.entries(plainFields)) {
    if (keys.has(key)) data[name] = wanted[key as keyof typeof plainFields];
  }
  if (keys.has("signingKey")) data.signing_key = wanted.signingKey ?? null;
  if (keys.has("encryptionKey")) data.encryption_key = wanted.encryptionKey ?? null;
  if (keys.has("authorizationFlow")) data.authorization_flow = await client.flowId(wanted.authorizationFlow);
  if (keys.has("invalidationFlow")) data.invalidation_flow = await client.flowId(wanted.invalidationFlow);
  if (keys.has("scopeMappings")) {
    data.property_mappings = await Promise.all(
      wanted.scopeMappings.map((name) => client.scopeMappingId(name)),
    );
  }
  if (keys.has("redirectUris")) {
    // An entry that lacks a key is stored all the same and then breaks every read of the provider.
    data.redirect_uris = wanted.redirectUris.map(({ url, matchingMode }) => ({
      matching_mode: matchingMode,
      url,
      redirect_uri_type: "authorization",
    }));
  }
  return data;
}

/** Names the flows and mappings: the wanted names where the ids agree, else the ids, which then show as drift. */
async function resolve(client: AuthentikClient, provider: Remote, wanted: Inputs): Promise<Resolved> {
  const flow = async (slug: string, id: string) => ((await client.flowId(slug)) === id ? slug : id);
  const wantedMappings = new Map(
    await Promise.all(
      wanted.scopeMappings.map(async (name) => [await client.scopeMappingId(name), name] as const),
    ),
  );
  return {
    provider,
    authorizationFlow: await flow(wanted.authorizationFlow, provider.authorization_flow),
    invalidationFlow: await flow(wanted.invalidationFlow, provider.invalidation_flow),
    scopeMappings: provider.property_mappings.map((id) => wantedMappings.get(id) ?? id).sort(),
  };
}

export type OAuth2ProviderArgs = ArgsOf<typeof inputs>;

/** An OAuth2/OpenID provider of authentik. */
export class OAuth2Provider extends DefinedResource<typeof inputs> {
  /** Its id, which an application refers to. */
  declare readonly pk: pulumi.Output<number>;
  declare readonly clientId: pulumi.Output<string>;
  declare readonly clientSecret: pulumi.Output<string>;

  constructor(name: string, args: OAuth2ProviderArgs, options?: pulumi.CustomResourceOptions) {
    super(oauth2ProviderDefinition, ["pk"], name, args, options);
  }
}
