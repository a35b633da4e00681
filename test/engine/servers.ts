import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { type RunningAuthentik, startAuthentik } from "../../lab/authentik/start";
import { type Disturbance, undisturbed } from "../../lab/disturbance";
import { type RunningProxmox, startProxmox } from "../../lab/proxmox/server";
import { clientOf } from "../lab/proxmox-client";
import { askAuthentik, type JsonObject } from "./authentik-api";

export type { JsonObject } from "./authentik-api";

/** The objects that a stack creates, by name, as the servers list them. */
export interface Inventory {
  certificates: unknown[];
  providers: unknown[];
  applications: unknown[];
  realms: unknown[];
  users: unknown[];
}

export const empty: Inventory = {
  certificates: [],
  providers: [],
  applications: [],
  realms: [],
  users: [],
};

export const complete: Inventory = {
  certificates: ["proxmox signing (proxmox-authentik-sso)"],
  providers: ["Proxmox VE"],
  applications: ["proxmox"],
  realms: ["authentik"],
  users: [],
};

/** If a release is missing, LAB_AUTHENTIK_PROFILE and LAB_PROXMOX_RELEASE set it. The default is the newest one. */
export interface Releases {
  authentik?: string;
  proxmox?: string;
}

/** The oldest recorded releases. */
export const oldest: Releases = { authentik: "2025.10", proxmox: "7.4" };

/** The oldest Proxmox with a groups claim. */
export const oldestWithGroups: Releases = { authentik: "2025.10", proxmox: "8.4" };

/** A simulated authentik and a simulated Proxmox in this process, with access that does not use Pulumi. */
export class Servers {
  readonly rootPassword = randomBytes(18).toString("base64url");
  readonly requests: string[] = [];
  /** Disturbance of authentik. A test can change it. */
  readonly disturbance: Disturbance = { ...undisturbed, faults: [] };
  authentikToken = randomBytes(30).toString("hex");
  readonly authentikPassword = randomBytes(18).toString("base64url");
  proxmoxToken = `root@pam!engine=${randomUUID()}`;
  private authentikRelease: string | undefined;
  declare authentik: RunningAuthentik;
  declare readonly proxmox: RunningProxmox;
  declare private proxmoxApi: ReturnType<typeof clientOf>;

  /** @param trust PEM file of a CA that the Proxmox node trusts */
  static async start(releases: Releases = {}, trust?: string): Promise<Servers> {
    const servers = new Servers();
    servers.authentikRelease = releases.authentik ?? process.env.LAB_AUTHENTIK_PROFILE;
    const authentik = await servers.startAuthentik();
    const proxmox = await startProxmox({
      port: 0,
      rootPassword: servers.rootPassword,
      tokens: [servers.proxmoxToken],
      release: releases.proxmox ?? process.env.LAB_PROXMOX_RELEASE,
      authenticationDelayMs: 0,
      ...(trust && { trust }),
      onRequest: ({ method, path }) => servers.requests.push(`${method} ${path}`),
    });
    return Object.assign(servers, {
      authentik,
      proxmox,
      proxmoxApi: clientOf(proxmox, servers.proxmoxToken),
    });
  }

  get authentikUrl(): string {
    return this.authentik.httpUrl;
  }

  /** Starts an empty authentik at the address of the closed one. */
  async startEmptyAuthentik(): Promise<void> {
    this.authentik = await this.startAuthentik(Number(new URL(this.authentik.httpUrl).port));
  }

  private startAuthentik(httpPort = 0): Promise<RunningAuthentik> {
    return startAuthentik({
      profile: this.authentikRelease,
      httpPort,
      bootstrap: { password: this.authentikPassword, token: this.authentikToken },
      disturbance: this.disturbance,
      onRequest: ({ method, path }) => this.requests.push(`${method} ${path}`),
    });
  }

  async stop(): Promise<void> {
    await this.proxmoxApi.close();
    await this.authentik.close();
    await this.proxmox.close();
  }

  /** Calls authentik's API directly, for example to change something outside of Pulumi. */
  inAuthentik(method: string, path: string, body?: JsonObject): Promise<JsonObject> {
    return askAuthentik({ url: this.authentikUrl, token: this.authentikToken }, method, path, body);
  }

  async listInAuthentik(path: string): Promise<JsonObject[]> {
    const { results } = await this.inAuthentik("GET", `${path}?superuser_full_list=true&page_size=100`);
    assert.ok(Array.isArray(results));
    return results;
  }

  async inProxmox(method: string, path: string, parameters?: Record<string, string>): Promise<JsonObject> {
    const { status, reason, data } = await this.proxmoxApi.call(method, path, parameters);
    assert.equal(status, 200, `${method} ${path}: ${status} ${reason}`);
    return Object(data);
  }

  async certificate(): Promise<JsonObject> {
    return only(await this.listInAuthentik("crypto/certificatekeypairs/"), isMade);
  }

  async provider(): Promise<JsonObject> {
    return only(await this.listInAuthentik("providers/oauth2/"));
  }

  async application(): Promise<JsonObject> {
    return only(await this.listInAuthentik("core/applications/"));
  }

  realm(): Promise<JsonObject> {
    return this.inProxmox("GET", "/access/domains/authentik");
  }

  async realms(): Promise<unknown[]> {
    const realms: JsonObject[] = Object.values(await this.inProxmox("GET", "/access/domains")).map(Object);
    return realms.map(({ realm }) => realm).filter((realm) => realm !== "pam" && realm !== "pve");
  }

  async inventory(): Promise<Inventory> {
    const certificates = await this.listInAuthentik("crypto/certificatekeypairs/");
    const users: JsonObject[] = Object.values(await this.inProxmox("GET", "/access/users")).map(Object);
    return {
      certificates: certificates.filter(isMade).map(({ name }) => name),
      providers: (await this.listInAuthentik("providers/oauth2/")).map(({ name }) => name),
      applications: (await this.listInAuthentik("core/applications/")).map(({ slug }) => slug),
      realms: await this.realms(),
      users: users.map(({ userid }) => userid).filter((userid) => userid !== "root@pam"),
    };
  }

  /** Uses a separate administrator's token for these checks, independent of the stack's token. */
  async useOwnToken(): Promise<void> {
    const identifier = `engine-${randomBytes(4).toString("hex")}`;
    await this.inAuthentik("POST", "core/tokens/", { identifier, intent: "api", expiring: false });
    const { key } = await this.inAuthentik("GET", `core/tokens/${identifier}/view_key/`);
    this.authentikToken = String(key);
  }

  /** Creates a new API token on Proxmox and revokes the current one. */
  async rotateProxmoxToken(): Promise<string> {
    const name = `engine-${randomBytes(4).toString("hex")}`;
    const created = await this.inProxmox("POST", `/access/users/root%40pam/token/${name}`, { privsep: "0" });
    const oldName = /!(.+?)=/.exec(this.proxmoxToken)?.[1];
    await this.inProxmox("DELETE", `/access/users/root%40pam/token/${oldName}`);
    this.proxmoxToken = `${created["full-tokenid"]}=${created.value}`;
    await this.proxmoxApi.close();
    this.proxmoxApi = clientOf(this.proxmox, this.proxmoxToken);
    return this.proxmoxToken;
  }

  /** The requests to both servers during an action. */
  async requestsOf(action: () => Promise<unknown>): Promise<string[]> {
    const before = this.requests.length;
    await action();
    return this.requests.slice(before);
  }
}

/** authentik creates this one at its first start. */
function isMade({ name }: JsonObject): boolean {
  return name !== "authentik Self-signed Certificate";
}

function only(objects: JsonObject[], wanted: (object: JsonObject) => boolean = () => true): JsonObject {
  const [object, ...others] = objects.filter(wanted);
  assert.ok(object && others.length === 0, `exactly one object was expected: ${JSON.stringify(objects)}`);
  return object;
}
