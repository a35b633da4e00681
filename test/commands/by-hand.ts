import assert from "node:assert/strict";
import type { JsonObject, Servers } from "../engine/servers";

/** Objects that a person has created on both servers, following the guides. */
export interface ByHand {
  provider: JsonObject;
  application: JsonObject;
  issuerUrl: string;
}

export const slug = "pve";

export async function setUpByHand(servers: Servers, providerOptions: JsonObject = {}): Promise<ByHand> {
  const [signingKey] = await servers.listInAuthentik("crypto/certificatekeypairs/");
  const provider = await servers.inAuthentik("POST", "providers/oauth2/", {
    name: "Provider for Proxmox",
    authorization_flow: await flow(servers, "default-provider-authorization-implicit-consent"),
    invalidation_flow: await flow(servers, "default-provider-invalidation-flow"),
    client_type: "confidential",
    signing_key: signingKey?.pk,
    redirect_uris: [{ matching_mode: "strict", url: servers.proxmox.url }],
    // Older versions ignore it.
    grant_types: ["authorization_code"],
    property_mappings: await defaultScopes(servers),
    ...providerOptions,
  });
  const application = await servers.inAuthentik("POST", "core/applications/", {
    name: "Proxmox",
    slug,
    provider: provider.pk,
  });
  const issuerUrl = `${servers.authentik.httpUrl}/application/o/${slug}/`;
  await servers.inProxmox("POST", "/access/domains", {
    realm: "authentik",
    type: "openid",
    "issuer-url": issuerUrl,
    "client-id": String(provider.client_id),
    "client-key": String(provider.client_secret),
    "username-claim": "username",
    autocreate: "1",
    comment: "company login",
  });
  return { provider, application, issuerUrl };
}

async function flow(servers: Servers, slug: string): Promise<unknown> {
  return (await find(servers, "flows/instances/", "slug", slug)).pk;
}

async function defaultScopes(servers: Servers): Promise<unknown[]> {
  const scopes = await servers.listInAuthentik("propertymappings/provider/scope/");
  return scopes
    .filter(({ scope_name: name }) => ["openid", "email", "profile"].includes(String(name)))
    .map(({ pk }) => pk);
}

export async function find(servers: Servers, path: string, key: string, value: string): Promise<JsonObject> {
  const object = (await servers.listInAuthentik(path)).find((candidate) => candidate[key] === value);
  assert.ok(object, `${path}: none has the ${key} "${value}"`);
  return object;
}
