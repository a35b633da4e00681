import assert from "node:assert/strict";
import { groupsClaim, groupsExpression } from "../../components/access/claim";
import { groupsIn, groupsToTry } from "../../components/access/groups";
import { authentikConnection, connectAuthentik } from "../../providers/authentik/connection";
import { exclusiveBindingsDefinition } from "../../providers/authentik/exclusiveBindings";
import { groupDefinition } from "../../providers/authentik/group";
import { defaultScopeMappings } from "../../providers/authentik/oauth2Provider";
import { policyBindingDefinition } from "../../providers/authentik/policyBinding";
import { scopeMappingDefinition } from "../../providers/authentik/scopeMapping";
import { Credentials, credentialKey } from "../../providers/core/credentials";
import { issueCertificate } from "../../providers/pki/certificate";
import { connectProxmox, proxmoxConnection } from "../../providers/proxmox/connection";
import { loginProofDefinition } from "../../providers/sso/loginProof";
import { removeLeft } from "../../providers/sso/proof/ownLogin";
import { FaultyProxy, type Handler } from "../faults/proxy";
import { created } from "./created";
import { joinedRealm } from "./joined-realm";
import { AuthentikSimulator, type Properties, ProxmoxSimulator, tokens as rootTokens } from "./simulators";

export const closingGroup = "pve closed (proxmox-authentik-sso)";
const ownershipMark = "0123456789abcdef";
export const credentials = new Credentials(
  { get: (key) => rootTokens[key.replace(credentialKey(""), "")] },
  {},
);
const declared = { operators: { "/vms": "PVEVMUser", "/storage/local": "PVEDatastoreUser" } };

/** An application with access, its realm, and proxies that kill a proof at one of its requests. */
export class OwnLoginWorld {
  readonly authentik = new AuthentikSimulator("2026.5");
  readonly proxmox = new ProxmoxSimulator("9.2");
  given: Properties = {};
  target: unknown;
  /**
   * Requests to both servers, without those of Proxmox, and the request at which the process is killed:
   * neither its answer nor any later request arrives.
   */
  requests: string[] = [];
  killedAt = Number.POSITIVE_INFINITY;
  /** How many other proofs start, each before the next write of a proof's login in authentik. */
  otherProofs = 0;
  #proxies: FaultyProxy[] = [];

  readonly #handle: Handler = async (exchange) => {
    if (/\/(openid-configuration|jwks\/|token\/|userinfo\/)$/.test(exchange.path)) {
      exchange.reply(await exchange.forward());
      return;
    }
    const at = this.requests.push(`${exchange.method} ${exchange.path}`) - 1;
    if (this.otherProofs > 0 && exchange.method === "PATCH") {
      this.otherProofs--;
      await this.removeAllLeft();
    }
    const answer = at <= this.killedAt ? await exchange.forward() : undefined;
    exchange.reply(
      answer && at < this.killedAt ? answer : { status: 418, headers: {}, body: Buffer.alloc(0) },
    );
  };

  async start(): Promise<void> {
    const pair = await issueCertificate({
      commonName: "localhost",
      subjectAltNames: ["127.0.0.1"],
      validityDays: 1,
      keySize: 2048,
    });
    const { url, caCertificate } = this.proxmox.connection;
    const toAuthentik = await FaultyProxy.start({ url: this.authentik.running.httpUrl }, this.#handle);
    const tls = { ca: String(caCertificate), certificate: pair.certificate, privateKey: pair.privateKey };
    const toProxmox = await FaultyProxy.start({ url: String(url), tls }, this.#handle);
    this.#proxies = [toAuthentik, toProxmox];

    const inAuthentik = { authentik: this.authentik.connection };
    const { groups } = groupsIn(declared, "authentik");
    const mapping = await created(scopeMappingDefinition, {
      ...inAuthentik,
      name: "groups",
      scopeName: groupsClaim,
      expression: groupsExpression(groups, ownershipMark),
    });
    const chain = await joinedRealm(this.authentik, this.proxmox, {
      origin: toAuthentik.url,
      provider: { scopeMappings: [...defaultScopeMappings, mapping.pk] },
      realm: { groupsClaim, groupsOverwrite: true, scopes: `email profile ${groupsClaim}` },
    });
    for (const { proxmoxGroup, grants } of groups) {
      await this.proxmox.call("POST", "/access/groups", { groupid: proxmoxGroup });
      for (const { path, role } of grants) {
        await this.proxmox.call("PUT", "/access/acl", { path, roles: role, groups: proxmoxGroup });
      }
    }
    this.target = (await this.authentik.call("GET", "core/applications/pve/")).pk;
    const { pk: group } = await created(groupDefinition, {
      ...inAuthentik,
      name: "operators",
      ownershipMark,
    });
    const { pk: binding } = await created(policyBindingDefinition, {
      ...inAuthentik,
      target: this.target,
      group,
    });
    const only = { ...inAuthentik, target: this.target, bindings: [binding], closingGroup, ownershipMark };
    await created(exclusiveBindingsDefinition, only);
    this.given = {
      ...chain,
      authentik: { url: toAuthentik.url },
      proxmox: { url: toProxmox.url, caCertificate: `${caCertificate}\n${pair.certificate}` },
      ownUser: {
        usernameClaim: "username",
        admittedBy: closingGroup,
        refusesOthers: true,
        groups: groupsToTry(groups),
      },
    };
  }

  async stop(): Promise<void> {
    await Promise.all(this.#proxies.map((proxy) => proxy.goDown()));
  }

  forget(): void {
    this.requests = [];
    this.killedAt = Number.POSITIVE_INFINITY;
  }

  async prove(more: Properties = {}, tokens: Record<string, string> = {}): Promise<string> {
    const all = { testPassword: "p4ssword-of-akadmin", ...tokens };
    return String((await created(loginProofDefinition, { ...this.given, ...more }, all)).summary);
  }

  /** The first step of each proof, and of the doctor. */
  removeAllLeft(): Promise<string[]> {
    return removeLeft({
      authentik: connectAuthentik(authentikConnection.parse(this.given.authentik), credentials),
      slug: "pve",
      api: connectProxmox(proxmoxConnection.parse(this.given.proxmox), credentials),
      realm: "authentik",
    });
  }

  async ownUsers(): Promise<Properties[]> {
    const { results } = await this.authentik.call("GET", "core/users/");
    return Object.values(results ?? {}).filter(({ username }) => /^sso-proof-/.test(username));
  }

  async ownUsersOnProxmox(): Promise<Properties[]> {
    const users = Object.values(await this.proxmox.call("GET", "/access/users"));
    return users.map((user) => Object(user)).filter(({ userid }) => /^sso-proof-/.test(userid));
  }

  async assertNobodyLeft(): Promise<void> {
    assert.deepEqual([...(await this.ownUsers()), ...(await this.ownUsersOnProxmox())], []);
  }

  async ordinaryToken(): Promise<string> {
    const { pk: user } = await this.authentik.call("POST", "core/users/", {
      username: "nobody",
      name: "nobody",
    });
    const identifier = "nobody";
    await this.authentik.call("POST", "core/tokens/", { identifier, intent: "api", user, expiring: false });
    return String((await this.authentik.call("GET", `core/tokens/${identifier}/view_key/`)).key);
  }

  async auditorsToken(): Promise<string> {
    await this.proxmox.call("POST", "/access/users", { userid: "auditor@pve" });
    await this.proxmox.call("PUT", "/access/acl", { path: "/", roles: "PVEAuditor", users: "auditor@pve" });
    return this.proxmox.tokenOf("auditor@pve");
  }
}
