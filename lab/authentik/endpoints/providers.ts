import { type Answer, type Call, type Endpoint, ok, parameter } from "../api/endpoint";
import type { Kind, Kinds } from "../api/kind";
import { listPage } from "../api/listing";
import { find, show } from "../api/objects";
import { baseProviderFields, findApplication } from "../kinds/provider";
import { textOf } from "../lab";
import { claimsOf, mappingsOf } from "../oidc/claims";
import { endpointUrls, issuerOf } from "../oidc/urls";
import type { Profile } from "../profile";
import type { Document, Json } from "../store/store";
import { showPage } from "./objects";

export function providerEndpoints(kinds: Kinds, profile: Profile): Endpoint[] {
  const kind = kinds.provider;
  const all: Kind = { ...kind, fields: baseProviderFields(profile), order: ["pk"] };
  return [
    { path: `${kind.path}/:key/setup_urls/`, methods: { GET: (call) => setupUrls(kind, call) } },
    { path: `${kind.path}/:key/preview_user/`, methods: { GET: (call) => previewUser(kind, call) } },
    {
      path: "providers/all/",
      methods: { GET: async ({ context }) => ok(await showPage(all, await listPage(all, context), context)) },
    },
    {
      path: "providers/all/:key/",
      notSimulated: ["DELETE"],
      methods: {
        GET: async (call) =>
          ok(await show(all, await find(all, parameter(call, "key"), call.context), call.context)),
      },
    },
  ];
}

async function setupUrls(kind: Kind, call: Call): Promise<Answer> {
  const { context } = call;
  const provider = await find(kind, parameter(call, "key"), context);
  const application = await findApplication(provider, context);
  const general: Document = {
    authorize: `${context.origin}/application/o/authorize/`,
    token: `${context.origin}/application/o/token/`,
    user_info: `${context.origin}/application/o/userinfo/`,
  };
  if (!application) return ok({ issuer: null, ...general, provider_info: null, logout: null });
  const slug = textOf(application, "slug");
  const urls = endpointUrls(context.origin, slug);
  return ok({
    issuer: issuerOf(provider, slug, context.origin),
    ...general,
    provider_info: urls.discovery,
    logout: urls.endSession,
    jwks: urls.jwks,
  });
}

async function previewUser(kind: Kind, call: Call): Promise<Answer> {
  const { context } = call;
  const provider = await find(kind, parameter(call, "key"), context);
  const mappings = await mappingsOf(context.lab, provider);
  const scopes = mappings.map((mapping) => textOf(mapping, "scope_name"));
  const preview: Json = await claimsOf(context.lab, provider, context.user, scopes);
  return ok({ preview });
}
