import assert from "node:assert/strict";
import { randomInt, randomUUID } from "node:crypto";
import { issueCertificate } from "../../lab/proxmox/certificate";

export type Properties = Record<string, unknown>;

/**
 * Mistakes that an administrator can make in authentik with the objects of the first cluster, and their
 * corrections.
 */
export class AuthentikByHand {
  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  /** An API token of a user without roles. */
  async tokenOfNobody(): Promise<string> {
    const { pk } = await this.call("POST", "core/users/", { username: "nobody", name: "Nobody" });
    await this.call("POST", "core/tokens/", { identifier: "nobody", intent: "api", user: pk });
    const { key } = await this.call("GET", "core/tokens/nobody/view_key/");
    return String(key);
  }

  /** Lets every API token of akadmin end then, or never. */
  async endTokens(expires: Date | undefined): Promise<void> {
    for (const { identifier, user, intent, user_obj } of await this.list("core/tokens/")) {
      if (intent !== "api" || Object(user_obj).username !== "akadmin") continue;
      const end = expires ? { expiring: true, expires: expires.toISOString() } : { expiring: false };
      await this.call("PATCH", `core/tokens/${identifier}/`, { identifier, user, intent, ...end });
    }
  }

  async signingKey(): Promise<unknown> {
    const pairs = await this.list("crypto/certificatekeypairs/");
    return pairs.find(({ name }) => name === "proxmox signing")?.pk;
  }

  /** Sets a signing certificate that expires after these days. */
  async signBy(daysLeft: number): Promise<void> {
    const { certPem, keyPem } = issueCertificate(["localhost"], -30, daysLeft);
    const { pk } = await this.call("POST", "crypto/certificatekeypairs/", {
      name: randomUUID(),
      certificate_data: certPem,
      key_data: keyPem,
    });
    await this.provider({ signing_key: pk });
  }

  async signByOurs(): Promise<void> {
    await this.provider({ signing_key: await this.signingKey() });
  }

  async provider(changes: Properties): Promise<void> {
    const providers = await this.list("providers/oauth2/");
    const provider = providers.find(({ name }) => name === "proxmox");
    await this.call("PATCH", `providers/oauth2/${provider?.pk}/`, changes);
  }

  async groupNamed(name: string): Promise<string> {
    const group = (await this.list("core/groups/")).find((one) => one.name === name);
    assert.ok(group, `a group ${name}`);
    return String(group.pk);
  }

  redirectUris(...redirect_uris: Properties[]): Promise<void> {
    return this.provider({ redirect_uris });
  }

  /** The bindings of the first cluster's application. */
  async bindings(): Promise<Properties[]> {
    const { pk } = await this.call("GET", "core/applications/proxmox/");
    const { results } = await this.call("GET", `policies/bindings/?target=${pk}&page_size=100`);
    assert.ok(Array.isArray(results));
    return results;
  }

  async changeBindings(changes: Properties): Promise<void> {
    for (const { pk, target, group } of await this.bindings()) {
      // authentik refuses a change to the order of another binding.
      const order = randomInt(1_000_000);
      await this.call("PATCH", `policies/bindings/${pk}/`, { target, group, order, ...changes });
    }
  }

  /** Lets akadmin in with a separate binding. */
  async changeClosingBinding(changes: Properties): Promise<void> {
    const isClosing = ({ group_obj }: Properties) => /closed/.test(String(Object(group_obj).name));
    const binding = (await this.bindings()).find(isClosing);
    const { pk, target, group } = binding ?? assert.fail("it has no closing binding");
    await this.call("PATCH", `policies/bindings/${pk}/`, { target, group, order: 9, ...changes });
  }

  async bindUser(): Promise<void> {
    const [binding] = await this.bindings();
    const [user] = await this.list("core/users/");
    await this.call("POST", "policies/bindings/", {
      target: binding?.target,
      user: user?.pk,
      order: 7,
    });
  }

  async unbindUser(): Promise<void> {
    const binding = (await this.bindings()).find(({ user }) => user !== null);
    await this.call("DELETE", `policies/bindings/${binding?.pk}/`);
  }

  async addMember(username: string, group: string): Promise<void> {
    const groups = await this.list("core/groups/");
    const { pk } = groups.find(({ name }) => name === group) ?? assert.fail(group);
    await this.call("POST", "core/users/", { username, name: username, groups: [pk] });
  }

  async removeUser(username: string): Promise<void> {
    const users = await this.list("core/users/");
    const { pk } = users.find((user) => user.username === username) ?? assert.fail(username);
    await this.call("DELETE", `core/users/${pk}/`);
  }

  /** Replaces a part of the expression of the groups claim of the first cluster. */
  async changeClaim(from: string, to: string): Promise<void> {
    const mappings = await this.list("propertymappings/provider/scope/");
    const mapping = mappings.find(({ name }) => name === "proxmox groups");
    const expression = String(mapping?.expression);
    assert.ok(expression.includes(from), expression);
    await this.call("PATCH", `propertymappings/provider/scope/${mapping?.pk}/`, {
      expression: expression.replace(from, to),
    });
  }

  async call(method: string, path: string, body?: Properties): Promise<Properties> {
    const response = await fetch(`${this.url}/api/v3/${path}`, {
      method,
      headers: { Authorization: `Bearer ${this.token}`, "Content-Type": "application/json" },
      body: body ? JSON.stringify(body) : null,
      signal: AbortSignal.timeout(10_000),
    });
    const text = await response.text();
    assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
    return text === "" ? {} : JSON.parse(text);
  }

  async list(path: string): Promise<Properties[]> {
    const { results } = await this.call("GET", `${path}?page_size=100`);
    assert.ok(Array.isArray(results));
    return results;
  }
}
