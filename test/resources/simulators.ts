import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before } from "node:test";
import { type AuthentikOptions, type RunningAuthentik, startAuthentik } from "../../lab/authentik/start";
import { type RunningProxmox, startProxmox } from "../../lab/proxmox/server";
import { Claims } from "../../providers/core/claims";
import { credentialKey } from "../../providers/core/credentials";
import type { AnyDefinition } from "../../providers/core/definition";
import { DefinedProvider } from "../../providers/core/provider";
import { type ApiAnswer, clientOf } from "../lab/proxmox-client";

export type Properties = Record<string, unknown>;

/** The bootstrap token of every simulated authentik. */
export const authentikToken = "t0ken-of-authentik-for-this-test";

/** Credentials of an administrator, by their config keys. */
export const tokens: Record<string, string> = {
  authentikToken,
  proxmoxToken: `root@pam!test=${randomUUID()}`,
};

/** A resource as the engine runs it, with more credentials if a test needs them. */
export async function providerOf(
  definition: AnyDefinition,
  more: Record<string, string> = {},
  claims = new Claims(),
) {
  const values = new Map(
    Object.entries({ ...tokens, ...more }).map(([key, value]) => [credentialKey(key), value]),
  );
  // By default, each in a separate run.
  const provider = new DefinedProvider(definition, claims);
  const get = (key: string) => values.get(key);
  await provider.configure({ config: { get, require: (key) => get(key) ?? "" } });
  nextRuns.set(provider, () => providerOf(definition, more));
  return provider;
}

const nextRuns = new WeakMap<DefinedProvider, () => Promise<DefinedProvider>>();

/**
 * The same resource in another command, which does not know what the program declared in the previous one.
 */
export function inNextRun(provider: DefinedProvider): Promise<DefinedProvider> {
  return nextRuns.get(provider)?.() ?? Promise.resolve(provider);
}

/** Addresses of the simulators of this process, which runs several files. */
const usedAddresses = new Set<string>();

/** A simulated authentik for the tests of one file, and its API as an administrator uses it. */
export class AuthentikSimulator {
  #running: RunningAuthentik | undefined;
  readonly profile: string;

  constructor(profile: string, options: AuthentikOptions = {}) {
    this.profile = profile;
    before(async () => {
      const start = () =>
        startAuthentik({
          profile,
          bootstrap: { token: authentikToken, password: "p4ssword-of-akadmin" },
          rsaBits: 2048,
          ...options,
        });
      this.#running = await start();
      // The program's clients remember the ids of a server, as in one run. An earlier simulator had other ids.
      while (usedAddresses.has(this.#running.httpUrl)) {
        await this.#running.close();
        this.#running = await start();
      }
      usedAddresses.add(this.#running.httpUrl);
    });
    after(() => this.#running?.close());
  }

  get running(): RunningAuthentik {
    assert.ok(this.#running);
    return this.#running;
  }

  get connection(): Properties {
    return { url: this.running.httpUrl };
  }

  async call(method: string, path: string, body?: Properties): Promise<Properties> {
    const response = await fetch(`${this.running.httpUrl}/api/v3/${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${authentikToken}`,
        "Content-Type": "application/json",
      },
      body: body ? JSON.stringify(body) : null,
      signal: AbortSignal.timeout(10_000),
    });
    const text = await response.text();
    assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
    return text === "" ? {} : JSON.parse(text);
  }

  /** The only object of a filtered list. */
  async find(path: string): Promise<Properties> {
    const { results } = await this.call("GET", path);
    assert.ok(Array.isArray(results) && results.length === 1, `${path}: ${JSON.stringify(results)}`);
    return Object(results[0]);
  }
}

/** A simulated Proxmox VE node for the tests of one file. */
export class ProxmoxSimulator {
  /** `METHOD path` of each request so far. */
  readonly requests: string[] = [];
  /** The body of each of these. */
  readonly bodies: string[] = [];
  #running: { proxmox: RunningProxmox; client: ReturnType<typeof clientOf> } | undefined;

  /** @param trust PEM file of a CA that the node trusts */
  constructor(release: string, trust?: string) {
    before(async () => {
      const token = tokens.proxmoxToken ?? "";
      const proxmox = await startProxmox({
        port: 0,
        rootPassword: "p4ssword",
        tokens: [token],
        release,
        ...(trust && { trust }),
        onRequest: ({ method, path, body }) => {
          this.requests.push(`${method} ${path}`);
          this.bodies.push(body);
        },
      });
      this.#running = { proxmox, client: clientOf(proxmox, token) };
    });
    after(() => this.stop());
  }

  async stop(): Promise<void> {
    await this.#running?.client.close();
    await this.#running?.proxmox.close();
  }

  get node(): RunningProxmox["node"] {
    assert.ok(this.#running);
    return this.#running.proxmox.node;
  }

  get connection(): Properties {
    assert.ok(this.#running);
    const { url, caPem } = this.#running.proxmox;
    return { url, caCertificate: caPem };
  }

  /** The answer to the API token, which may be an error. */
  answer(method: string, path: string, parameters?: Record<string, string>): Promise<ApiAnswer> {
    assert.ok(this.#running);
    return this.#running.client.call(method, path, parameters);
  }

  async call(method: string, path: string, parameters?: Record<string, string>): Promise<Properties> {
    const { status, reason, data } = await this.answer(method, path, parameters);
    assert.equal(status, 200, `${method} ${path}: ${reason}`);
    return Object(data);
  }

  /** A new API token with all rights of its user. */
  async tokenOf(userId: string): Promise<string> {
    const token = await this.call("POST", `/access/users/${userId}/token/test`, { privsep: "0" });
    return `${token["full-tokenid"]}=${token.value}`;
  }
}
