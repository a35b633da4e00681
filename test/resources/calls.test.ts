import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { before, suite, test } from "node:test";
import { applicationDefinition } from "../../providers/authentik/application";
import { certificateDefinition } from "../../providers/authentik/certificate";
import { authentikConnection, connectAuthentik } from "../../providers/authentik/connection";
import { exclusiveBindingsDefinition } from "../../providers/authentik/exclusiveBindings";
import { groupDefinition } from "../../providers/authentik/group";
import { oauth2ProviderDefinition } from "../../providers/authentik/oauth2Provider";
import { policyBindingDefinition } from "../../providers/authentik/policyBinding";
import { Credentials, credentialKey } from "../../providers/core/credentials";
import type { AnyDefinition } from "../../providers/core/definition";
import { openIdRealmDefinition } from "../../providers/proxmox/openIdRealm";
import { loginProofDefinition } from "../../providers/sso/loginProof";
import { removeLeftFromAuthentik } from "../../providers/sso/proof/ownUser";
import { joinedRealm } from "./joined-realm";
import { Life } from "./life";
import { AuthentikSimulator, type Properties, ProxmoxSimulator, providerOf, tokens } from "./simulators";

const clusters = 10;
const groups = ["admins", "users", "auditors"];

suite("the calls that many clusters cost", () => {
  const authentik = new AuthentikSimulator("2026.5");
  const proxmox = new ProxmoxSimulator("9.2");
  const lives: Life[] = [];

  async function make(definition: AnyDefinition, inputs: Properties): Promise<Properties> {
    const life = new Life(await providerOf(definition));
    await life.create(inputs);
    lives.push(life);
    return life.state;
  }

  /** `METHOD path` of the requests to authentik during an action. */
  async function askedOfAuthentik(action: () => Promise<unknown>): Promise<string[]> {
    const before = authentik.running.requests.length;
    await action();
    return authentik.running.requests.slice(before).map(({ method, path }) => `${method} ${path}`);
  }

  async function makeCluster(number: number, groupIds: readonly unknown[]): Promise<void> {
    const inAuthentik = { authentik: authentik.connection };
    const name = `cluster-${number}`;
    const [clientId, clientSecret] = [randomBytes(20).toString("hex"), randomBytes(20).toString("hex")];
    const { pk: signingKey } = await make(certificateDefinition, {
      ...inAuthentik,
      name,
      commonName: "auth.example.com",
      serialNumber: randomBytes(16).toString("hex"),
    });
    const { pk: provider } = await make(oauth2ProviderDefinition, {
      ...inAuthentik,
      name,
      clientId,
      clientSecret,
      redirectUris: [{ url: `https://pve${number}.example.com:8006` }],
      signingKey,
    });
    const { pk: target } = await make(applicationDefinition, { ...inAuthentik, name, slug: name, provider });
    const bindings = groupIds.map((group) =>
      make(policyBindingDefinition, { ...inAuthentik, target, group }),
    );
    const made = await Promise.all(bindings);
    await make(exclusiveBindingsDefinition, { ...inAuthentik, target, bindings: made.map(({ pk }) => pk) });
    await make(openIdRealmDefinition, {
      proxmox: proxmox.connection,
      realm: name,
      issuerUrl: `https://auth.example.com/application/o/${name}/`,
      clientId,
      clientKey: clientSecret,
    });
  }

  test("creating them needs one write to authentik for each object, three reads, and two for each application's bindings", async () => {
    const asked = await askedOfAuthentik(async () => {
      const made = groups.map((name) => make(groupDefinition, { authentik: authentik.connection, name }));
      const groupIds = (await Promise.all(made)).map(({ pk }) => pk);
      await Promise.all(Array.from({ length: clusters }, (_, index) => makeCluster(index + 1, groupIds)));
    });
    const writes = asked.filter((call) => !call.startsWith("GET "));
    assert.equal(writes.length, groups.length + clusters * (3 + groups.length));
    const reads = asked.filter((call) => call.startsWith("GET "));
    const lookUps = reads.filter((call) => /flows|propertymappings/.test(call));
    assert.equal(lookUps.length, 3, lookUps.join("\n"));
    assert.equal(reads.filter((call) => call.includes("?target=")).length, 2 * clusters);
    assert.equal(reads.length, 3 + 2 * clusters, reads.join("\n"));
  });

  test("creating them needs one write and one read for each realm on Proxmox", () => {
    const calls = proxmox.requests.map((call) => call.split(" ")[0]);
    assert.equal(calls.filter((method) => method === "POST").length, clusters);
    assert.equal(calls.length, 2 * clusters);
  });

  test("reading them all needs one list of each kind from authentik, and the token's user once", async () => {
    const asked = await askedOfAuthentik(() => Promise.all(lives.map((life) => life.refresh())));
    const lists = asked.filter((call) => call.includes("page_size=100"));
    assert.equal(lists.length, 5, asked.join("\n"));
    assert.deepEqual(
      asked.filter((call) => !lists.includes(call)),
      ["GET /api/v3/core/users/me/"],
    );
  });

  test("removing them deletes each by one call, after it was found in a list of its kind", async () => {
    const before = proxmox.requests.length;
    const asked = await askedOfAuthentik(async () => {
      // In the engine's order: dependents first, independent objects at the same time.
      for (const type of [
        "ExclusiveBindings",
        "PolicyBinding",
        "Application",
        "OAuth2Provider",
        "Certificate",
        "Group",
      ]) {
        await Promise.all(lives.filter((life) => life.isOf(type)).map((life) => life.delete()));
      }
      await Promise.all(lives.filter((life) => life.isOf("OpenIdRealm")).map((life) => life.delete()));
    });
    const deleted = asked.filter((call) => call.startsWith("DELETE "));
    assert.equal(deleted.length, groups.length + clusters * (3 + groups.length));
    // A list of each kind. A group is read once more, with its members, and for its other bindings.
    assert.ok(asked.length - deleted.length <= 6 + 2 * groups.length, asked.join("\n"));
    const deletes = proxmox.requests.slice(before).filter((call) => call.startsWith("DELETE "));
    assert.equal(deletes.length, clusters);
  });
});

suite("the calls that a proof of login costs", () => {
  const authentik = new AuthentikSimulator("2026.5");
  const proxmox = new ProxmoxSimulator("9.2");
  let chain: Properties;
  before(async () => {
    chain = { proxmox: proxmox.connection, ...(await joinedRealm(authentik, proxmox)) };
  });

  /**
   * The number of the proof's own calls to authentik. The node sends two for an address, and four for a
   * login.
   */
  async function callsOf(given: Properties, logins: number): Promise<number> {
    const [before, onNode] = [authentik.running.requests.length, proxmox.requests.length];
    const life = new Life(await providerOf(loginProofDefinition, { testPassword: "p4ssword-of-akadmin" }));
    await life.create({ ...chain, ...given });
    const nodes = proxmox.requests.slice(onNode);
    assert.equal(nodes.filter((call) => call.endsWith("/openid/auth-url")).length, 1);
    assert.equal(nodes.filter((call) => call.endsWith("/openid/login")).length, logins);
    return authentik.running.requests.length - before - 2 - 4 * logins;
  }

  const testUser = { username: "akadmin", passwordConfigKey: "testPassword" };
  const everyone = { usernameClaim: "username", refusesOthers: false, groups: [] };

  test("without a login: the keys and an authorization request, and discovery with a groups claim", async () => {
    assert.equal(await callsOf({}, 0), 2);
    assert.equal(await callsOf({ groupsClaim: "groups" }, 0), 3);
  });

  test("with a test user: these and the seven calls of a browser's login", async () => {
    assert.equal(await callsOf({ testUser }, 1), 2 + 7);
  });

  test("with its own user: these, a search for earlier ones, its creation, password and removal", async () => {
    assert.equal(await callsOf({ authentik: authentik.connection, ownUser: everyone }, 1), 2 + 7 + 4);
  });

  test("one list contains what earlier proofs of several clusters have left, and each removes its own", async () => {
    const users = ["first", "second", "third"].map((slug) => ({
      username: `sso-proof-${slug}`,
      name: slug,
      path: `proxmox-authentik-sso/proof/${slug}`,
    }));
    await Promise.all(users.map((user) => authentik.call("POST", "core/users/", user)));
    const client = connectAuthentik(
      authentikConnection.parse(authentik.connection),
      new Credentials({ get: (key) => tokens[key.replace(credentialKey(""), "")] }, {}),
    );
    const before = authentik.running.requests.length;
    const removed = await Promise.all(users.map(({ name }) => removeLeftFromAuthentik(client, name)));
    assert.deepEqual(
      removed,
      users.map(({ username }) => [username]),
    );
    assert.equal(authentik.running.requests.length - before, 1 + users.length);
  });

  test("of four proofs at the same time, all but the first cost three calls: keys, and two authorization requests", async () => {
    const more = ["pve-2", "pve-3", "pve-4"].map((slug) =>
      joinedRealm(authentik, proxmox, { slug, name: slug, provider: { name: slug } }),
    );
    const chains = [chain, ...(await Promise.all(more))];
    const before = authentik.running.requests.length;
    const proofs = chains.map(async (given) => {
      const life = new Life(await providerOf(loginProofDefinition));
      const own = { authentik: authentik.connection, ownUser: everyone };
      await life.create({ ...given, proxmox: proxmox.connection, ...own });
    });
    await Promise.all(proofs);
    // Without the lists of earlier users, which are shared only by proofs that ask within a moment.
    const asked = authentik.running.requests.slice(before).filter(({ path }) => !path.includes("/users/?"));
    assert.equal(asked.length, 2 + 7 + 3 + 3 * 3 + (2 + 4) * chains.length);
  });
});

suite("the names of flows and scope mappings at a refresh", () => {
  const authentik = new AuthentikSimulator("2026.5");
  const wanted = {
    name: "PVE",
    clientId: "client",
    clientSecret: "secret",
    redirectUris: [{ url: "https://pve.example.com:8006" }],
  };
  const provider = "GET /api/v3/providers/oauth2/";
  let processes = 0;

  /** Like a new process without a cache: one client serves one spelling of an address. */
  async function refreshed(life: Life): Promise<{ asked: string[]; state: Properties }> {
    processes += 1;
    const elsewhere = await providerOf(oauth2ProviderDefinition);
    const process = life.by(elsewhere);
    const url = `${authentik.running.httpUrl}${"/".repeat(processes)}`;
    process.state = { ...life.state, authentik: { ...Object(life.state.authentik), url } };
    const before = authentik.running.requests.length;
    await process.refresh();
    const asked = authentik.running.requests.slice(before).map(({ method, path }) => `${method} ${path}`);
    return { asked, state: { ...process.state, authentik: life.state.authentik } };
  }

  async function made(): Promise<Life> {
    const life = new Life(await providerOf(oauth2ProviderDefinition));
    await life.create({
      ...wanted,
      authentik: authentik.connection,
      name: `PVE ${processes}`,
      clientId: `${processes}`,
    });
    return life;
  }

  test("are not requested, because the state has their ids", async () => {
    const life = await made();
    const { asked, state } = await refreshed(life);
    assert.deepEqual(asked, [`${provider}${life.state.pk}/`]);
    assert.deepEqual(state, life.state);
  });

  test("are requested if authentik has other ids, which is drift", async () => {
    const life = await made();
    const { pk: flow } = await authentik.find(
      "flows/instances/?slug=default-provider-authorization-explicit-consent",
    );
    await authentik.call("PATCH", `providers/oauth2/${life.state.pk}/`, {
      authorization_flow: flow,
      property_mappings: [],
    });
    const { asked, state } = await refreshed(life);
    assert.ok(
      asked.some((call) => call.includes("flows/instances/?slug=default-provider-authorization-implicit")),
    );
    assert.equal(state.authorizationFlow, flow);
    assert.deepEqual(state.scopeMappings, []);
    assert.equal(state.invalidationFlow, "default-provider-invalidation-flow");
  });

  test("are requested if an older version created the state, which stays unchanged", async () => {
    const life = await made();
    const { referenceIds: _, ...older } = life.state;
    life.state = older;
    const { asked, state } = await refreshed(life);
    assert.equal(asked.length, 4);
    assert.deepEqual(state, older);
  });
});
