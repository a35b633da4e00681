import assert from "node:assert/strict";
import { CURRENT } from "../../lab/authentik/profile";
import { type RunningAuthentik, startAuthentik } from "../../lab/authentik/start";
import { PendingLogins } from "../../lab/proxmox/openid/pending-logins";
import { type RunningProxmox, startProxmox } from "../../lab/proxmox/server";
import type { OtherProduct } from "../../providers/accessControl/products";
import { askAuthentik, type JsonObject } from "../engine/authentik-api";
import { clientOf } from "../lab/proxmox-client";
import { authentikKinds, type Kind, proxmoxKinds } from "./kinds";
import { isOther, type OtherName, OtherServer, otherCredentials, otherNames } from "./other-servers";
import { type Addresses, type Declaration, placeOf } from "./program";
import { reuseKeys } from "./reused-keys";

export type AuthentikName = "lab" | "company";
export type ProxmoxName = "proxmox" | "annex";
export type ServerName = AuthentikName | ProxmoxName | OtherName;
const authentikNames: readonly AuthentikName[] = ["lab", "company"];
const proxmoxNames: readonly ProxmoxName[] = ["proxmox", "annex"];

export function isProxmox(server: ServerName): server is ProxmoxName {
  return server === "proxmox" || server === "annex";
}

export function isAuthentik(server: ServerName): server is AuthentikName {
  return server === "lab" || server === "company";
}

/** An object on a server, by its readable name. */
export interface Thing {
  readonly server: ServerName;
  readonly kind: Kind;
  readonly name: string;
  readonly object: JsonObject;
}

const token = "t0ken-of-both-authentiks-of-the-model";
const proxmoxToken = "root@pam!model=3f2b7a52-7d0c-4b0e-9f0e-0d6f7a1c2b3d";
export const credentials = { authentikToken: token, proxmoxToken, ...otherCredentials };

interface Node {
  readonly proxmox: RunningProxmox;
  readonly client: ReturnType<typeof clientOf>;
  readonly empty: RunningProxmox["node"]["store"]["config"];
}

/** Two simulated servers of each product, with a view of them that does not use the program. */
export class World {
  declare readonly authentiks: Record<AuthentikName, RunningAuthentik>;
  declare private readonly nodes: Record<ProxmoxName, Node>;
  declare readonly others: Record<OtherName, OtherServer>;

  static async start(): Promise<World> {
    reuseKeys();
    return Object.assign(new World(), {
      authentiks: { lab: await newAuthentik(), company: await newAuthentik() },
      nodes: { proxmox: await newNode(), annex: await newNode() },
      others: {
        backup: await OtherServer.start("backup"),
        vault: await OtherServer.start("vault"),
        manager: await OtherServer.start("manager"),
        bureau: await OtherServer.start("bureau"),
      },
    });
  }

  urlOf(server: ServerName): string {
    if (isOther(server)) return this.others[server].running.url;
    return isProxmox(server) ? this.nodes[server].proxmox.url : this.authentiks[server].httpUrl;
  }

  async stop(): Promise<void> {
    for (const { client, proxmox } of Object.values(this.nodes)) {
      await client.close();
      await proxmox.close();
    }
    for (const { running } of Object.values(this.others)) await running.close();
    for (const authentik of Object.values(this.authentiks)) await authentik.close();
  }

  addressesFor(declared: Declaration): Addresses {
    const { httpUrl, httpsUrl } = this.authentiks[declared.authentik];
    const at = (product?: OtherProduct) => {
      const name = placeOf(declared, product);
      const { url, caPem } = isOther(name) ? this.others[name].running : this.nodes[name].proxmox;
      return { url, caCertificate: caPem };
    };
    return {
      authentik: { url: httpUrl, httpsUrl: httpsUrl.replace("127.0.0.1", "localhost") },
      proxmox: at(),
      backup: at("backup"),
      "datacenter-manager": at("datacenter-manager"),
    };
  }

  /** Empty servers for another sequence. */
  async empty(): Promise<void> {
    for (const server of [...proxmoxNames, ...otherNames]) await this.setUpAnew(server);
    for (const server of authentikNames) {
      const isUsed = this.authentiks[server].requests.some(({ method }) => method !== "GET");
      if (isUsed) await this.setUpAnew(server);
    }
  }

  /** An empty server at the same address. */
  async setUpAnew(server: ServerName): Promise<void> {
    if (isOther(server)) {
      this.others[server].empty();
      return;
    }
    if (isProxmox(server)) {
      const { proxmox, empty } = this.nodes[server];
      Object.assign(proxmox.node.store.config, structuredClone(empty));
      return;
    }
    const old = this.authentiks[server];
    await old.close();
    this.authentiks[server] = await newAuthentik(portOf(old.httpUrl), portOf(old.httpsUrl));
  }

  /** Proxmox stores unfinished logins, and at most 101 of them. */
  forgetLogins(): void {
    for (const { node } of Object.values(this.nodes).map(({ proxmox }) => proxmox))
      node.pendingLogins = new PendingLogins(node.clock);
    for (const server of Object.values(this.others)) server.forgetLogins();
  }

  async askAuthentik(
    server: AuthentikName,
    method: string,
    path: string,
    body?: JsonObject,
  ): Promise<JsonObject> {
    const ask = () => askAuthentik({ url: this.authentiks[server].httpUrl, token }, method, path, body);
    try {
      return await ask();
    } catch (error) {
      // A kept connection may have been closed in the meantime, by a server that was set up again.
      if (error instanceof TypeError) return ask();
      throw error;
    }
  }

  async askProxmox(
    server: ProxmoxName,
    method: string,
    path: string,
    parameters?: Record<string, string>,
  ): Promise<JsonObject> {
    const { status, reason, data } = await this.nodes[server].client.call(method, path, parameters);
    assert.equal(status, 200, `${method} ${path}: ${status} ${reason}`);
    return Object(data);
  }

  /** All objects on the servers, including those that the servers created themselves. */
  async things(): Promise<Thing[]> {
    const all: Thing[] = [];
    for (const server of authentikNames) {
      for (const [kind, { list, nameOf }] of Object.entries(authentikKinds)) {
        const { results } = await this.askAuthentik(
          server,
          "GET",
          `${list}?superuser_full_list=true&page_size=500`,
        );
        assert.ok(Array.isArray(results));
        for (const object of results) all.push({ server, kind: kind as Kind, name: nameOf(object), object });
      }
    }
    for (const server of proxmoxNames) {
      for (const [kind, { list, nameOf, detail }] of Object.entries(proxmoxKinds)) {
        for (const item of Object.values(await this.askProxmox(server, "GET", list)).map(Object)) {
          const object = detail ? { ...item, ...(await this.askProxmox(server, "GET", detail(item))) } : item;
          all.push({ server, kind: kind as Kind, name: nameOf(item), object });
        }
      }
    }
    for (const server of Object.values(this.others)) all.push(...server.things());
    return all.map((thing) => (thing.kind === "binding" ? withNames(thing, all) : thing));
  }

  async remove(thing: Thing): Promise<void> {
    const { server, kind, object } = thing;
    if (isOther(server)) {
      this.others[server].remove(thing);
      return;
    }
    const inAuthentik = authentikKinds[kind];
    if (!isProxmox(server)) {
      if (inAuthentik)
        await this.askAuthentik(server, "DELETE", `${inAuthentik.list}${inAuthentik.keyOf(object)}/`);
    } else if (kind === "acl") {
      const { path, type, ugid, roleid } = object;
      await this.askProxmox(server, "PUT", "/access/acl", {
        path: String(path),
        [`${type}s`]: String(ugid),
        roles: String(roleid),
        delete: "1",
      });
    } else {
      await this.askProxmox(
        server,
        "DELETE",
        `${proxmoxKinds[kind]?.list.replace(/\?.*/, "")}/${encodeURIComponent(nameIn(object))}`,
      );
    }
  }
}

/** A binding has no name. It is identified by its subject and its target. */
function withNames(binding: Thing, all: readonly Thing[]): Thing {
  const { target, group, user, policy } = binding.object;
  const nameOf = (kind: Kind, pk: unknown) =>
    all.find((one) => one.server === binding.server && one.kind === kind && one.object.pk === pk)?.name;
  const subject = nameOf("group", group) ?? nameOf("user", user) ?? `policy ${policy}`;
  return { ...binding, name: `${nameOf("application", target)} for ${subject}` };
}

function nameIn({ realm, groupid, roleid, userid }: JsonObject): string {
  return String(realm ?? groupid ?? roleid ?? userid);
}

async function newNode(): Promise<Node> {
  const proxmox = await startProxmox({
    port: 0,
    rootPassword: "p4ssword-of-root",
    tokens: [proxmoxToken],
    authenticationDelayMs: 0,
  });
  const empty = structuredClone(proxmox.node.store.config);
  return { proxmox, client: clientOf(proxmox, proxmoxToken), empty };
}

function newAuthentik(httpPort = 0, httpsPort = 0): Promise<RunningAuthentik> {
  const bootstrap = { token, password: "p4ssword-of-akadmin" };
  return startAuthentik({
    profile: CURRENT,
    bootstrap,
    httpPort,
    httpsPort,
    rsaBits: 1024,
    tlsTickSeconds: 1,
  });
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}
