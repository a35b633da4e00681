import assert from "node:assert/strict";
import { after, before, beforeEach, suite, test } from "node:test";
import { serviceAccountToken } from "../../cli/credentials/service-account";
import { groupsClaim, groupsExpression } from "../../components/access/claim";
import { groupsIn, groupsToTry } from "../../components/access/groups";
import { authentikConnection, connectAuthentik } from "../../providers/authentik/connection";
import { exclusiveBindingsDefinition } from "../../providers/authentik/exclusiveBindings";
import { groupDefinition } from "../../providers/authentik/group";
import { defaultScopeMappings } from "../../providers/authentik/oauth2Provider";
import { policyBindingDefinition } from "../../providers/authentik/policyBinding";
import { scopeMappingDefinition } from "../../providers/authentik/scopeMapping";
import { Credentials, credentialKey } from "../../providers/core/credentials";
import type { AnyDefinition } from "../../providers/core/definition";
import { issueCertificate } from "../../providers/pki/certificate";
import { connectProxmox, proxmoxConnection } from "../../providers/proxmox/connection";
import { loginProofDefinition } from "../../providers/sso/loginProof";
import { removeLeft } from "../../providers/sso/proof/ownLogin";
import { FaultyProxy, type Handler } from "../faults/proxy";
import { joinedRealm } from "./joined-realm";
import { Life } from "./life";
import { LoginFlows } from "./login-flows";
import {
  AuthentikSimulator,
  type Properties,
  ProxmoxSimulator,
  providerOf,
  tokens as rootTokens,
} from "./simulators";

const closingGroup = "pve closed (proxmox-authentik-sso)";
const ownershipMark = "0123456789abcdef";
const credentials = new Credentials({ get: (key) => rootTokens[key.replace(credentialKey(""), "")] }, {});
const declared = { operators: { "/vms": "PVEVMUser", "/storage/local": "PVEDatastoreUser" } };

suite("the proof with its own user", () => {
  const authentik = new AuthentikSimulator("2026.5");
  const proxmox = new ProxmoxSimulator("9.2");
  const flows = new LoginFlows(authentik);
  let proxies: FaultyProxy[];
  let given: Properties;
  let target: unknown;
  /**
   * Requests to both servers, without those of Proxmox, and the request at which the process is killed:
   * neither its answer nor any later request arrives.
   */
  let requests: string[] = [];
  let killedAt = Number.POSITIVE_INFINITY;
  /** How many other proofs start, each before the next write of a proof's login in authentik. */
  let otherProofs = 0;

  const handle: Handler = async (exchange) => {
    if (/\/(openid-configuration|jwks\/|token\/|userinfo\/)$/.test(exchange.path)) {
      exchange.reply(await exchange.forward());
      return;
    }
    const at = requests.push(`${exchange.method} ${exchange.path}`) - 1;
    if (otherProofs > 0 && exchange.method === "PATCH") {
      otherProofs--;
      await removeAllLeft();
    }
    const answer = at <= killedAt ? await exchange.forward() : undefined;
    exchange.reply(answer && at < killedAt ? answer : { status: 418, headers: {}, body: Buffer.alloc(0) });
  };

  async function created(
    definition: AnyDefinition,
    inputs: Properties,
    more: Record<string, string> = {},
  ): Promise<Properties> {
    const life = new Life(await providerOf(definition, { testPassword: "p4ssword-of-akadmin", ...more }));
    await life.create(inputs);
    return life.state;
  }

  before(async () => {
    const pair = await issueCertificate({
      commonName: "localhost",
      subjectAltNames: ["127.0.0.1"],
      validityDays: 1,
      keySize: 2048,
    });
    const { url, caCertificate } = proxmox.connection;
    const toAuthentik = await FaultyProxy.start({ url: authentik.running.httpUrl }, handle);
    const tls = { ca: String(caCertificate), certificate: pair.certificate, privateKey: pair.privateKey };
    const toProxmox = await FaultyProxy.start({ url: String(url), tls }, handle);
    proxies = [toAuthentik, toProxmox];

    const inAuthentik = { authentik: authentik.connection };
    const { groups } = groupsIn(declared, "authentik");
    const mapping = await created(scopeMappingDefinition, {
      ...inAuthentik,
      name: "groups",
      scopeName: groupsClaim,
      expression: groupsExpression(groups, ownershipMark),
    });
    const chain = await joinedRealm(authentik, proxmox, {
      origin: toAuthentik.url,
      provider: { scopeMappings: [...defaultScopeMappings, mapping.pk] },
      realm: { groupsClaim, groupsOverwrite: true, scopes: `email profile ${groupsClaim}` },
    });
    for (const { proxmoxGroup, grants } of groups) {
      await proxmox.call("POST", "/access/groups", { groupid: proxmoxGroup });
      for (const { path, role } of grants) {
        await proxmox.call("PUT", "/access/acl", { path, roles: role, groups: proxmoxGroup });
      }
    }
    target = (await authentik.call("GET", "core/applications/pve/")).pk;
    const { pk: group } = await created(groupDefinition, {
      ...inAuthentik,
      name: "operators",
      ownershipMark,
    });
    const { pk: binding } = await created(policyBindingDefinition, { ...inAuthentik, target, group });
    const only = { ...inAuthentik, target, bindings: [binding], closingGroup, ownershipMark };
    await created(exclusiveBindingsDefinition, only);
    given = {
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
  });
  after(() => Promise.all(proxies.map((proxy) => proxy.goDown())));
  beforeEach(() => {
    requests = [];
    killedAt = Number.POSITIVE_INFINITY;
  });

  async function prove(more: Properties = {}, tokens: Record<string, string> = {}): Promise<string> {
    return String((await created(loginProofDefinition, { ...given, ...more }, tokens)).summary);
  }

  /** The first step of each proof, and of the doctor. */
  function removeAllLeft(): Promise<string[]> {
    return removeLeft({
      authentik: connectAuthentik(authentikConnection.parse(given.authentik), credentials),
      slug: "pve",
      api: connectProxmox(proxmoxConnection.parse(given.proxmox), credentials),
      realm: "authentik",
    });
  }

  async function ownUsers(): Promise<Properties[]> {
    const { results } = await authentik.call("GET", "core/users/");
    return Object.values(results ?? {}).filter(({ username }) => /^sso-proof-/.test(username));
  }

  async function ownUsersOnProxmox(): Promise<Properties[]> {
    const users = Object.values(await proxmox.call("GET", "/access/users"));
    return users.map((user) => Object(user)).filter(({ userid }) => /^sso-proof-/.test(userid));
  }

  async function assertNobodyLeft(): Promise<void> {
    assert.deepEqual([...(await ownUsers()), ...(await ownUsersOnProxmox())], []);
  }

  test("logs it in, checks that it is refused without a group and gets a group's roles, and removes it", async () => {
    const summary = await prove();
    assert.match(
      summary,
      /^A user that the proof made logged in through authentik \(1 address checked\), and was removed\. Authentik refused it while it was in no group\. The roles of the group "operators" arrived\.$/,
    );
    await assertNobodyLeft();
    // Without keys and discovery. The API has another address here, so the login starts with another request.
    const own = requests.filter((request) => !request.includes(" /api2/"));
    assert.equal(own.length, 16, own.join("\n"));
  });

  test("logs it in with the group of a former `access`, whose bindings exist until the end of the up", async () => {
    const everybody = { usernameClaim: "username", refusesOthers: false, groups: [] };
    await assert.rejects(
      prove({ ownUser: everybody }),
      /although `allowEveryone` is set\. Remove its bindings/,
    );
    for (const formerlyAdmittedBy of ["no such group", "authentik Admins"])
      await assert.rejects(prove({ ownUser: { ...everybody, formerlyAdmittedBy } }), /`allowEveryone`/);
    assert.match(
      await prove({ ownUser: { ...everybody, formerlyAdmittedBy: closingGroup } }),
      /was removed\. Authentik still has the bindings of the former `access`.*npm run verify then proves a login without them\.$/,
    );
    await assertNobodyLeft();
  });

  test("leaves nobody after the next command who could log in, wherever it was killed", async () => {
    await prove();
    const first = requests.findIndex((request) => request.startsWith("POST /api2/json/access/users"));
    // Another read changes nothing, and leaves what the previous write left.
    const points = requests.flatMap((request, index) =>
      index >= first && (!request.startsWith("GET ") || request.includes("/authorize/")) ? [index] : [],
    );
    assert.ok(points.length > 9, requests.join("\n"));
    const left = new Set<unknown>();
    for (const point of points) {
      requests = [];
      killedAt = point;
      await prove().catch(() => undefined);
      killedAt = Number.POSITIVE_INFINITY;
      const now = Date.now() / 1000;
      for (const { username, attributes } of await ownUsers()) {
        left.add(username);
        assert.ok(Object(attributes)["goauthentik.io/user/expires"] < now + 3600);
        assert.equal(Object(attributes)["goauthentik.io/user/generated"], true);
      }
      for (const { expire } of await ownUsersOnProxmox()) assert.ok(Number(expire) > now, `${expire}`);
      await removeAllLeft();
      await assertNobodyLeft();
    }
    assert.ok(left.size > 6, `${left.size}`);
    requests = [];
    killedAt = points.at(-3) ?? 0;
    await assert.rejects(prove());
    assert.equal((await ownUsersOnProxmox()).length, 1);
    killedAt = Number.POSITIVE_INFINITY;
    await prove();
    await assertNobodyLeft();
  });

  test("starts again with another user if a simultaneous proof removes its user", async () => {
    otherProofs = 2;
    assert.match(await prove(), /^A user that the proof made logged in .*"operators" arrived\.$/);
    assert.equal(otherProofs, 0);
    otherProofs = Number.POSITIVE_INFINITY;
    requests = [];
    await assert.rejects(prove());
    otherProofs = 0;
    assert.equal(requests.filter((request) => request === "POST /api/v3/core/users/").length, 3);
    await assertNobodyLeft();
  });

  test("fails if a user in no group may use the application, or a group's roles do not arrive", async () => {
    const { pk: policy } = await authentik.call("POST", "policies/expression/", {
      name: "everybody",
      expression: "return True",
    });
    const binding = await authentik.call("POST", "policies/bindings/", { target, policy, order: 5 });
    await assert.rejects(prove(), /lets a user use the application who is in no group of `access`/);
    await authentik.call("DELETE", `policies/bindings/${binding.pk}/`);

    const acl = { path: "/vms", roles: "PVEVMUser", groups: "operators-authentik" };
    await proxmox.call("PUT", "/access/acl", { ...acl, delete: "1" });
    await assert.rejects(
      prove(),
      /member of the group "operators" logged in, and has none of its permissions on \/vms\./,
    );
    await proxmox.call("PUT", "/access/acl", acl);
    await assertNobodyLeft();
  });

  test("joins no group that this program did not create, or that grants rights in authentik", async () => {
    const { pk, attributes } = await authentik.find("core/groups/?name=operators");
    for (const change of [{ is_superuser: true }, { is_superuser: false, attributes: {} }]) {
      await authentik.call("PATCH", `core/groups/${pk}/`, change);
      assert.doesNotMatch(await prove(), /roles/);
    }
    await authentik.call("PATCH", `core/groups/${pk}/`, {
      is_superuser: false,
      attributes: Object(attributes),
    });
    assert.match(await prove(), /roles/);
  });

  test("names what a flow requires of everybody, and its last completed stage", async () => {
    const { brand_uuid, flow_authentication } = await authentik.find("core/brands/?default=true");
    const first = [await flows.identification(), await flows.stage("password")];
    await flows.logInBy("captcha", ...first, await flows.captcha());
    assert.match(
      await prove(),
      /agree on issuer.*; nobody logged in: authentik's flow "captcha" asks for a captcha .*It passed Identification Stage, Password Stage\.$/,
    );
    await flows.logInBy("external", await flows.identification({ user_fields: [], sources: ["entra"] }));
    assert.match(await prove(), /nobody logged in: .* a login at an external source: "entra"/);
    await flows.logInBy(
      "by-mail",
      await flows.identification({ user_fields: ["email"], pretend_user_exists: false }),
      await flows.stage("password"),
      await flows.stage("user_login"),
    );
    assert.match(await prove(), /^A user that the proof made logged in/);
    await authentik.call("PATCH", `core/brands/${brand_uuid}/`, { flow_authentication });
    await assertNobodyLeft();
  });

  test("explains in one sentence why nobody logged in, if a token must not create users", async () => {
    const agreed =
      /^Proxmox and authentik agree on issuer, signing key and redirect URI for 1 address; nobody logged in: /;
    const own = Object(given.ownUser);
    const unlucky: [RegExp, Properties, Record<string, string>?][] = [
      [
        /the API token of authentik may not make and remove users \(.*\)\.$/,
        {},
        { authentikToken: await ordinaryToken() },
      ],
      [
        /the API token of Proxmox may not make and remove users \(.*\)\.$/,
        {},
        { proxmoxToken: await auditorsToken() },
      ],
      [
        /a new user has no value for the username claim "staff"\.$/,
        { ownUser: { ...own, usernameClaim: "staff" } },
      ],
      [
        /no group "missing", which would admit it\.$/,
        { ownUser: { ...own, groups: [], admittedBy: "missing" } },
      ],
    ];
    for (const [why, more, tokens] of unlucky) {
      const summary = await prove(more, tokens);
      assert.match(summary, agreed);
      assert.match(summary, why);
    }
    await assertNobodyLeft();
  });

  test("requires no administrator's token in authentik", async () => {
    const admin = connectAuthentik(authentikConnection.parse(given.authentik), credentials);
    const authentikToken = await serviceAccountToken(admin, "least");
    assert.match(await prove({}, { authentikToken }), /^A user that the proof made .*"operators" arrived\.$/);
    assert.match(await prove({}, { authentikToken }), /^A user that the proof made/);
    await assertNobodyLeft();
  });

  test("does not change a stack that has a proof without it", async () => {
    const { authentik: _, ownUser: __, ...before } = given;
    const life = new Life(await providerOf(loginProofDefinition));
    await life.create(before);
    const { production: ___, ...recorded } = life.state;
    life.state = recorded;
    assert.equal(await life.preview({ ...given, production: true }), "nothing");
    assert.equal(await life.preview({ ...given, restsOn: ["another revision"] }), "update");
    await life.update({ ...given, restsOn: ["another revision"] });
    assert.match(String(life.state.summary), /^A user that the proof made/);
    assert.equal(await life.preview({ ...given, restsOn: ["another revision"], production: true }), "update");
  });

  test("uses a test user instead, if there is one, and production refuses a superuser", async () => {
    const testUser = { username: "akadmin", passwordConfigKey: "testPassword" };
    await authentik.call("POST", "policies/bindings/", {
      target,
      user: (await authentik.find("core/users/?username=akadmin")).pk,
      order: 6,
    });
    assert.match(await prove({ testUser }), /^"akadmin@authentik" logged in/);
    await assert.rejects(
      prove({ testUser, production: true }),
      /"akadmin" is a superuser of authentik, and `production`/,
    );
  });

  async function ordinaryToken(): Promise<string> {
    const { pk: user } = await authentik.call("POST", "core/users/", { username: "nobody", name: "nobody" });
    const identifier = "nobody";
    await authentik.call("POST", "core/tokens/", { identifier, intent: "api", user, expiring: false });
    return String((await authentik.call("GET", `core/tokens/${identifier}/view_key/`)).key);
  }

  async function auditorsToken(): Promise<string> {
    await proxmox.call("POST", "/access/users", { userid: "auditor@pve" });
    await proxmox.call("PUT", "/access/acl", { path: "/", roles: "PVEAuditor", users: "auditor@pve" });
    return proxmox.tokenOf("auditor@pve");
  }
});
