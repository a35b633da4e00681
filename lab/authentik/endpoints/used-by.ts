import { type Endpoint, ok, parameter } from "../api/endpoint";
import type { Context, Kind, Kinds } from "../api/kind";
import { find } from "../api/objects";
import type { Document, Json } from "../store/store";

type Users = (document: Document, context: Context) => Promise<Json[]>;

/** Only what is recorded: the providers that use a certificate or flow, and the mappings of a provider. */
export function usedByEndpoints(kinds: Kinds): Endpoint[] {
  const users = new Map<Kind, Users>([
    [kinds.certificate, certificateUsers],
    [kinds.provider, providerMappings],
    [kinds.flow, flowUsers],
  ]);
  return Object.values(kinds).map((kind) => ({
    path: `${kind.path}/:key/used_by/`,
    methods: {
      GET: async (call) => {
        const document = await find(kind, parameter(call, "key"), call.context);
        return ok((await users.get(kind)?.(document, call.context)) ?? []);
      },
    },
  }));
}

const certificateUsers: Users = async (certificate, { lab, kinds }) => {
  const providers = await lab.store.list("provider");
  return ["encryption_key", "signing_key"].flatMap((field) =>
    providers
      .filter((provider) => provider[field] === certificate.pk)
      .map((provider) => usage(kinds.provider, provider, "set_null")),
  );
};

const providerMappings: Users = async (provider, { lab, kinds }) => {
  const mappings = await lab.store.list("scope_mapping");
  const chosen = Array.isArray(provider.property_mappings) ? provider.property_mappings : [];
  return mappings
    .filter((mapping) => chosen.includes(mapping.pk ?? null))
    .map((mapping) => usage(kinds.scope_mapping, mapping, "cascade_many"));
};

const flowUsers: Users = async (flow, { lab }) => {
  const providers = await lab.store.list("provider");
  const usages: Json[] = [];
  for (const [field, action] of [
    ["authorization_flow", "cascade"],
    ["invalidation_flow", "set_default"],
  ] as const) {
    for (const provider of providers.filter((candidate) => candidate[field] === flow.pk)) {
      usages.push({
        app: "authentik_core",
        model_name: "provider",
        pk: String(provider.pk),
        name: provider.name ?? null,
        action,
      });
    }
  }
  return usages;
};

function usage(kind: Kind, document: Document, action: string): Json {
  return {
    app: kind.app,
    model_name: kind.modelName,
    pk: String(document[kind.primaryKey]),
    name: kind.describe(document),
    action,
  };
}
