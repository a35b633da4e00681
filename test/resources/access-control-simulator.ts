import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before } from "node:test";
import { Agent, fetch } from "undici";
import { type RunningAccessControl, startAccessControl } from "../../lab/access-control/server";
import type { Product } from "../../providers/accessControl/product";
import { backupServer } from "../../providers/backupServer/product";
import { datacenterManager } from "../../providers/datacenterManager/product";
import type { Properties } from "./simulators";

/** A simulated Backup Server or Datacenter Manager for the tests of one file. */
export class AccessControlSimulator {
  readonly product: Product;
  readonly token = `root@pam!test:${randomUUID()}`;
  /** `METHOD path` of each request so far. */
  readonly requests: string[] = [];
  #running: RunningAccessControl | undefined;
  #agent: Agent | undefined;

  constructor(kind: "backup" | "datacenter-manager") {
    this.product = kind === "backup" ? backupServer : datacenterManager;
    before(async () => {
      this.#running = await startAccessControl({
        product: kind,
        port: 0,
        rootPassword: "p4ssword",
        tokens: [this.token],
        authenticationDelayMs: 0,
        onRequest: ({ method, path }) => this.requests.push(`${method} ${path}`),
      });
      this.#agent = new Agent({ connect: { ca: this.#running.caPem } });
    });
    after(async () => {
      await this.#agent?.destroy();
      await this.#running?.close();
    });
  }

  get credentials(): Record<string, string> {
    return { [this.product.tokenConfigKey]: this.token };
  }

  get running(): RunningAccessControl {
    assert.ok(this.#running);
    return this.#running;
  }

  get connection(): Properties {
    return { url: this.running.url, caCertificate: this.running.caPem };
  }

  /** As root's API token, with the digest of the file next to the data. */
  async call(method: string, path: string, parameters?: Record<string, string>): Promise<Properties> {
    assert.ok(this.#agent);
    const response = await fetch(`${this.running.url}/api2/json${path}`, {
      method,
      headers: { Authorization: `${this.product.credentialForm.tokenHeader}=${this.token}` },
      body: parameters === undefined ? null : new URLSearchParams(parameters),
      dispatcher: this.#agent,
    });
    const text = await response.text();
    assert.equal(response.status, 200, `${method} ${path}: ${text}`);
    return Object(Object(JSON.parse(text)).data);
  }
}

export const bothProducts = ["backup", "datacenter-manager"] as const;
