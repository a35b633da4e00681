import type { JsonObject, Servers } from "../engine/servers";

const inAuthentik = [
  "core/applications/",
  "core/brands/",
  "core/groups/",
  "core/tokens/",
  "core/users/",
  "crypto/certificatekeypairs/",
  "policies/bindings/",
  "propertymappings/provider/scope/",
  "providers/oauth2/",
];
const inProxmox = ["/access/acl", "/access/groups", "/access/roles", "/access/users?full=1"];

/** All objects on both servers, as the servers list them. */
export type Everything = Record<string, JsonObject[]>;

export async function everything(servers: Servers): Promise<Everything> {
  const all: Everything = {};
  for (const path of inAuthentik) all[path] = await servers.listInAuthentik(path);
  for (const path of inProxmox) all[path] = await listInProxmox(servers, path);
  const realms = await listInProxmox(servers, "/access/domains");
  all.realms = await Promise.all(
    realms.map(async ({ realm }) => ({
      realm,
      ...(await servers.inProxmox("GET", `/access/domains/${realm}`)),
    })),
  );
  return all;
}

async function listInProxmox(servers: Servers, path: string): Promise<JsonObject[]> {
  return Object.values(await servers.inProxmox("GET", path)).map(Object);
}

/** Fields that a login, another object or the server itself changes. */
const passing = /^(last_.*|date_joined|expires|digest|.*_obj)$/;
/** Fields that differ each time an object is created. */
const individual = /^(cert_expiry|fingerprint_.*|.*_download_url|uid|uuid|num_pk)$/;

/** The ownership mark, a random value. */
const ownershipMark = /\b[0-9a-f]{40}\b/g;

/** All values including ids. Equal only if nothing has changed. */
export function exact(all: Everything): unknown {
  return inOrder(all, passing, (value) => value);
}

/** All values with names for ids and secrets. Equal if the same objects have the same references. */
export function shape(all: Everything): unknown {
  const names = new Map<unknown, string>();
  for (const [path, objects] of Object.entries(all)) {
    for (const object of objects) {
      const name = object.name ?? object.domain ?? object.identifier ?? object.username ?? object.order;
      for (const key of ["pk", "brand_uuid", "pbm_uuid", "client_id", "client_secret"]) {
        if (typeof object[key] === "string") names.set(object[key], `${key} of "${name}" in ${path}`);
      }
    }
  }
  for (const { pk, name } of all["providers/oauth2/"] ?? []) names.set(`provider ${pk}`, String(name));
  const volatile = new RegExp(`${passing.source}|${individual.source}`);
  return inOrder(all, volatile, (value, key, within) => {
    const isProvider = key === "provider" || (key === "pk" && within === "providers/oauth2/");
    const name = names.get(isProvider ? `provider ${value}` : value);
    return name ?? (typeof value === "string" ? value.replaceAll(ownershipMark, "a mark of ours") : value);
  });
}

type Rename = (value: unknown, key: string, within: string) => unknown;

function inOrder(value: unknown, dropped: RegExp, rename: Rename, key = "", within = ""): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => inOrder(item, dropped, rename, key, within));
    return items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (typeof value !== "object" || value === null) return rename(value, key, within);
  const entries = Object.entries(value)
    .filter(([name]) => !dropped.test(name))
    .map(([name, item]) => [name, inOrder(item, dropped, rename, name, within || name)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
