import { changeOnOther, isMadeOnOthers, makeOnOthers } from "./by-hand-on-others";
import { at } from "./declaring";
import { keyOf } from "./keys";
import type { Model } from "./model";
import { signingNameOf, titleOf } from "./names";
import { calledBy, type Step } from "./steps";
import {
  type AuthentikName,
  isAuthentik,
  isProxmox,
  type ProxmoxName,
  type Thing,
  type World,
} from "./world";

type Of<D extends Step["do"]> = Extract<Step, { do: D }>;

const nodes: Readonly<Record<AuthentikName, ProxmoxName>> = { lab: "proxmox", company: "annex" };

/** Creates an object with the name of one of ours, as another person would. */
export async function makeForeign(
  world: World,
  model: Model,
  { stack, server, kind, called: which }: Of<"make somebody else's">,
): Promise<void> {
  const called = calledBy(stack, which);
  if (isMadeOnOthers(kind)) return makeOnOthers(world, model, { server, kind, called });
  const place = ["pveGroup", "realm", "role"].includes(kind) ? nodes[server] : server;
  const name = nameOf(kind, called, stack);
  const key = keyOf({ server: place, kind, name });
  if ((await world.things()).some((thing) => keyOf(thing) === key)) return;
  if (isProxmox(place)) await makeOnProxmox(world, place, kind, name);
  else await makeInAuthentik(world, place, kind, name);
  const made = (await world.things()).find((thing) => keyOf(thing) === key);
  if (made === undefined) throw new Error(`${key} was not made`);
  model.foreign.push(made);
}

function nameOf(kind: string, called: string, stack: string): string {
  const names: Record<string, string> = {
    application: called,
    provider: titleOf({ called }),
    certificate: signingNameOf({ called }),
    mapping: `${called} groups (proxmox-authentik-sso)`,
    user: `user-of-${stack}`,
    brand: `${stack}.example`,
    group: "ops",
    realm: called,
    pveGroup: `ops-${called}`,
    role: `Own-${called}`,
  };
  return names[kind] ?? called;
}

async function makeInAuthentik(
  world: World,
  server: AuthentikName,
  kind: string,
  name: string,
): Promise<void> {
  const post = (path: string, body: Record<string, unknown>) =>
    world.askAuthentik(server, "POST", path, body);
  switch (kind) {
    case "application":
      await post("core/applications/", { name: "Somebody else's", slug: name });
      break;
    case "provider":
      await makeProvider(world, server, name);
      break;
    case "certificate":
      await post("crypto/certificatekeypairs/generate/", {
        common_name: name,
        subject_alt_name: "",
        validity_days: 30,
      });
      break;
    case "mapping":
      await post("propertymappings/provider/scope/", { name, scope_name: "theirs", expression: "return {}" });
      break;
    case "user":
      await post("core/users/", { username: name, name: "Somebody" });
      break;
    case "brand":
      await post("core/brands/", { domain: name });
      break;
    default:
      await post("core/groups/", { name });
  }
}

/** For example Grafana's. */
export async function makeProvider(world: World, server: AuthentikName, name: string): Promise<void> {
  const path = "flows/instances/?slug=default-authentication-flow";
  const { results } = await world.askAuthentik(server, "GET", path);
  const { pk: flow } = Object(Array.isArray(results) ? results[0] : undefined);
  await world.askAuthentik(server, "POST", "providers/oauth2/", {
    name,
    client_id: `theirs-${name.replaceAll(" ", "-")}`,
    authorization_flow: flow,
    invalidation_flow: flow,
    redirect_uris: [
      { matching_mode: "strict", url: "https://grafana/cb", redirect_uri_type: "authorization" },
    ],
  });
}

async function makeOnProxmox(world: World, server: ProxmoxName, kind: string, name: string): Promise<void> {
  if (kind === "realm") {
    await world.askProxmox(server, "POST", "/access/domains", {
      realm: name,
      type: "openid",
      "issuer-url": "https://other.example",
      "client-id": "theirs",
      "client-key": "their-secret",
      "username-claim": "username",
    });
  } else if (kind === "role") {
    await world.askProxmox(server, "POST", "/access/roles", { roleid: name, privs: "VM.Audit" });
  } else {
    await world.askProxmox(server, "POST", "/access/groups", { groupid: name, comment: "theirs" });
  }
}

/** After a server is set up again, other people's objects come first, with the integer ids that ours had. */
export async function makeStrangers(
  world: World,
  model: Model,
  { server, strangers }: Of<"set up a server anew">,
): Promise<void> {
  if (!isAuthentik(server)) return;
  for (let number = 1; number <= strangers; number++) {
    await makeProvider(world, server, `Grafana ${number}`);
    const user = { username: `mallory${number}`, name: "M" };
    await world.askAuthentik(server, "POST", "core/users/", user);
  }
  const made = (await world.things()).filter(
    (thing) => thing.server === server && /^(Grafana|mallory)/.test(thing.name),
  );
  model.foreign.push(...made);
}

export async function deleteOurs(world: World, model: Model, which: number): Promise<void> {
  const ours = (await world.things()).filter((thing) => model.isOurs(thing) && !/ closed /.test(thing.name));
  const thing = at(ours, which);
  if (thing === undefined) return;
  await world.remove(thing);
  model.touched();
}

/** A binding, a permission or another value that no program declares. */
export async function addToOurs(world: World, model: Model, which: number): Promise<void> {
  const things = await world.things();
  const thing = at(
    things.filter((one) => model.isOurs(one) && one.kind in additions),
    which,
  );
  if (thing === undefined) return;
  await additions[thing.kind]?.(world, thing, things);
  model.touched();
}

const additions: Record<string, (world: World, thing: Thing, things: readonly Thing[]) => Promise<unknown>> =
  {
    application: async (world, { server, object }, things) => {
      if (!isAuthentik(server)) return;
      const group = things.find((one) => one.server === server && one.name === "authentik Read-only");
      const binding = { target: object.pk, group: group?.object.pk, order: 7 };
      const isBound = things.some((one) => one.kind === "binding" && one.object.group === binding.group);
      if (!isBound) await world.askAuthentik(server, "POST", "policies/bindings/", binding);
    },
    provider: async (world, { server, object }) => {
      if (!isAuthentik(server)) return;
      const change = { client_secret: "changed-by-hand", access_code_validity: "minutes=7" };
      await world.askAuthentik(server, "PATCH", `providers/oauth2/${object.pk}/`, change);
    },
    pveGroup: async (world, { server, name }) => {
      const permission = { path: "/pool/theirs", groups: name, roles: "PVEAdmin" };
      if (isProxmox(server)) await world.askProxmox(server, "PUT", "/access/acl", permission);
    },
    realm: async (world, thing) => {
      const { server, name } = thing;
      const change = { comment: "changed by hand", autocreate: "0" };
      if (isProxmox(server)) await world.askProxmox(server, "PUT", `/access/domains/${name}`, change);
      changeOnOther(world, thing);
    },
    proxmoxUser: async (world, thing) => changeOnOther(world, thing),
    acl: async (world, thing) => changeOnOther(world, thing),
  };
