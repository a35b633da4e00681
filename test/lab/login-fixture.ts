import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach } from "node:test";
import { type RunningProxmox, startProxmox } from "../../lab/proxmox/server";
import { type ApiAnswer, clientOf } from "./proxmox-client";
import { clientId, clientKey, type Login, startIssuer } from "./tiny-issuer";

const token = "root@pam!lab=11111111-1111-4111-8111-111111111111";
export const redirectUrl = "https://pve.example:8006";
export const alice = {
  preferred_username: "alice",
  email: "alice@example.test",
  given_name: "Alice",
  family_name: "Rig",
};

/** A simulator whose realm corp uses a small OpenID provider. Both are new for each test of the file. */
export class LoginFixture {
  private running: { proxmox: RunningProxmox; client: ReturnType<typeof clientOf> } | undefined;
  private startedIssuer: Awaited<ReturnType<typeof startIssuer>> | undefined;
  /** The folder that the node uses as its system store. */
  trust = "";

  constructor() {
    before(async () => {
      this.startedIssuer = await startIssuer();
    });
    after(() => this.issuer.close());
    beforeEach(() => this.start());
    afterEach(() => this.stop());
  }

  get issuer() {
    assert.ok(this.startedIssuer);
    return this.startedIssuer;
  }

  get proxmox(): RunningProxmox {
    assert.ok(this.running);
    return this.running.proxmox;
  }

  /** As root's API token unless other headers are given. */
  call(
    method: string,
    path: string,
    parameters?: Record<string, string>,
    headers?: Record<string, string>,
  ): Promise<ApiAnswer> {
    assert.ok(this.running);
    return this.running.client.call(method, path, parameters, headers);
  }

  setOptions(options: Record<string, string>): Promise<ApiAnswer> {
    return this.call("PUT", "/access/domains/corp", options);
  }

  authUrl(): Promise<ApiAnswer> {
    return this.call("POST", "/access/openid/auth-url", { realm: "corp", "redirect-url": redirectUrl }, {});
  }

  async logIn(login: Login): Promise<ApiAnswer> {
    return this.finish(this.issuer.authorize(String((await this.authUrl()).data), login));
  }

  finish(callback: { code: string; state: string }): Promise<ApiAnswer> {
    return this.call("POST", "/access/openid/login", { ...callback, "redirect-url": redirectUrl }, {});
  }

  /** The syslog without times and process IDs. */
  syslog(): string[] {
    return this.proxmox.node.store.syslog.map((line) => line.replace(/^(<\d+>).*?\]: /, "$1"));
  }

  private async start(): Promise<void> {
    this.trust = mkdtempSync(join(tmpdir(), "proxmox-trust-"));
    writeFileSync(join(this.trust, "issuer.pem"), this.issuer.caPem);
    const proxmox = await startProxmox({
      port: 0,
      rootPassword: "root-password",
      tokens: [token],
      trust: this.trust,
      authenticationDelayMs: 0,
    });
    this.running = { proxmox, client: clientOf(proxmox, token) };
    await this.call("POST", "/access/domains", {
      realm: "corp",
      type: "openid",
      "issuer-url": this.issuer.issuer,
      "client-id": clientId,
      "client-key": clientKey,
      "username-claim": "username",
      autocreate: "1",
    });
  }

  private async stop(): Promise<void> {
    await this.running?.client.close();
    await this.running?.proxmox.close();
    rmSync(this.trust, { recursive: true });
  }
}
