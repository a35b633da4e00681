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
  const url = servers.proxmox.url;
  const made = await setUpInAuthentik(servers, { name: "Proxmox", slug, url }, providerOptions);
  await servers.inProxmox("POST", "/access/domains", { type: "openid", ...realmOf(made), autocreate: "1" });
  return made;
}

/** The application for a server at this address, and its provider. */
export async function setUpInAuthentik(
  servers: Servers,
  { name, slug, url }: Readonly<Record<"name" | "slug" | "url", string>>,
  providerOptions: JsonObject = {},
): Promise<ByHand> {
  const [signingKey] = await servers.listInAuthentik("crypto/certificatekeypairs/");
  const provider = await servers.inAuthentik("POST", "providers/oauth2/", {
    name: `Provider for ${name}`,
    authorization_flow: await flow(servers, "default-provider-authorization-implicit-consent"),
    invalidation_flow: await flow(servers, "default-provider-invalidation-flow"),
    client_type: "confidential",
    signing_key: signingKey?.pk,
    redirect_uris: [{ matching_mode: "strict", url }],
    // Older versions ignore it.
    grant_types: ["authorization_code"],
    property_mappings: await defaultScopes(servers),
    ...providerOptions,
  });
  const application = await servers.inAuthentik("POST", "core/applications/", {
    name,
    slug,
    provider: provider.pk,
  });
  return { provider, application, issuerUrl: `${servers.authentik.httpUrl}/application/o/${slug}/` };
}

/** The options of the realm, by their names on every product. */
export function realmOf({ provider, issuerUrl }: ByHand): Record<string, string> {
  return {
    realm: "authentik",
    "issuer-url": issuerUrl,
    "client-id": String(provider.client_id),
    "client-key": String(provider.client_secret),
    "username-claim": "username",
    comment: "company login",
  };
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
