import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { type RunningProxmox, startProxmox } from "../../lab/proxmox/server";
import { clientOf } from "./proxmox-client";
import { clientId, clientKey, type Login, startIssuer } from "./tiny-issuer";

const token = "root@pam!lab=11111111-1111-4111-8111-111111111111";
const redirectUrl = "https://pve.example:8006";
const alice = {
  preferred_username: "alice",
  email: "alice@example.test",
  given_name: "Alice",
  family_name: "Rig",
};

let issuer: Awaited<ReturnType<typeof startIssuer>>;
let proxmox: RunningProxmox;
let client: ReturnType<typeof clientOf>;
let trust: string;

before(async () => {
  issuer = await startIssuer();
});
after(() => issuer.close());

beforeEach(async () => {
  trust = mkdtempSync(join(tmpdir(), "proxmox-trust-"));
  writeFileSync(join(trust, "issuer.pem"), issuer.caPem);
  proxmox = await startProxmox({
    port: 0,
    rootPassword: "root-password",
    tokens: [token],
    trust,
    authenticationDelayMs: 0,
  });
  client = clientOf(proxmox, token);
  await createRealm("corp", { autocreate: "1" });
});
afterEach(async () => {
  await client.close();
  await proxmox.close();
  rmSync(trust, { recursive: true });
});

async function createRealm(realm: string, options: Record<string, string>): Promise<void> {
  const created = await client.call("POST", "/access/domains", {
    realm,
    type: "openid",
    "issuer-url": issuer.issuer,
    "client-id": clientId,
    "client-key": clientKey,
    "username-claim": "username",
    ...options,
  });
  assert.equal(created.reason, "OK");
}

function setOptions(options: Record<string, string>) {
  return client.call("PUT", "/access/domains/corp", options);
}

function authUrl(realm = "corp") {
  return client.call("POST", "/access/openid/auth-url", { realm, "redirect-url": redirectUrl }, {});
}

async function logIn(login: Login) {
  const url = String((await authUrl()).data);
  return finish(issuer.authorize(url, login));
}

function finish(callback: { code: string; state: string }) {
  return client.call("POST", "/access/openid/login", { ...callback, "redirect-url": redirectUrl }, {});
}

/** The syslog without times and process IDs. */
function syslog(): string[] {
  return proxmox.node.store.syslog.map((line) => line.replace(/^(<\d+>).*?\]: /, "$1"));
}

describe("a login that works", () => {
  it("asks the issuer as a real node does", async () => {
    await setOptions({ prompt: "login", scopes: "email groups", "acr-values": "urn:a,urn:b" });
    const url = new URL(String((await authUrl()).data));
    const secrets = ["state", "code_challenge", "nonce"];
    const query = [...url.searchParams].map(([name, value]) => [name, secrets.includes(name) ? "…" : value]);
    assert.equal(url.origin + url.pathname, `${issuer.issuer}/authorize`);
    assert.deepEqual(query, [
      ["response_type", "code"],
      ["client_id", clientId],
      ["state", "…"],
      ["code_challenge", "…"],
      ["code_challenge_method", "S256"],
      ["redirect_uri", redirectUrl],
      ["scope", "openid email groups"],
      ["nonce", "…"],
      ["acr_values", "urn:a urn:b"],
      ["display", "page"],
      ["prompt", "login"],
    ]);
    assert.match(url.searchParams.get("state") ?? "", /^\{"csrf_token":"[\w-]{22}","realm":"corp"\}$/);
  });

  it("creates the user and gives a ticket that works", async () => {
    const { status, data } = await logIn({ userinfo: alice });
    assert.equal(status, 200);
    const { username, ticket } = Object(data);
    assert.equal(username, "alice@corp");
    assert.deepEqual((await client.call("GET", "/access/users/alice%40corp")).data, {
      enable: 1,
      expire: 0,
      email: "alice@example.test",
      firstname: "Alice",
      lastname: "Rig",
      groups: [],
      tokens: null,
    });
    await client.call("PUT", "/access/acl", { path: "/vms", roles: "PVETemplateUser", users: "alice@corp" });
    const cookie = { Cookie: `PVEAuthCookie=${encodeURIComponent(ticket)}` };
    const permissions = await client.call("GET", "/access/permissions", undefined, cookie);
    assert.deepEqual(permissions.data, { "/vms": { "VM.Audit": 1, "VM.Clone": 1 } });
    assert.deepEqual(syslog(), ["<30><root@pam> successful openid auth for user 'alice@corp'"]);
  });

  it("takes claims from the ID token alone without query-userinfo", async () => {
    await setOptions({ "query-userinfo": "0" });
    const { data } = await logIn({ claims: alice, userinfoStatus: 500 });
    assert.equal(Object(data).username, "alice@corp");
  });

  it("accepts further audiences that the realm names", async () => {
    await setOptions({ audiences: "other" });
    assert.equal((await logIn({ userinfo: alice, audience: [clientId, "other"] })).status, 200);
  });
});

describe("groups from a claim", () => {
  const groups = ["admins", "bad name", "viewers"];

  async function groupsOfAlice(): Promise<unknown> {
    return Object((await client.call("GET", "/access/users/alice%40corp")).data).groups;
  }

  it("joins those that exist with the realm's suffix", async () => {
    await setOptions({ "groups-claim": "groups" });
    await client.call("POST", "/access/groups", { groupid: "admins-corp" });
    await logIn({ userinfo: { ...alice, groups } });
    assert.deepEqual(await groupsOfAlice(), ["admins-corp"]);
    assert.deepEqual(syslog().slice(0, 2), [
      "<28>openid group 'bad name' contains invalid characters",
      "<30>openid user 'alice@corp' added to groups: admins-corp",
    ]);
  });

  it("creates and overwrites them when the realm says so", async () => {
    await setOptions({ "groups-claim": "groups", "groups-autocreate": "1" });
    await logIn({ userinfo: { ...alice, groups } });
    await client.call("POST", "/access/groups", { groupid: "local" });
    await client.call("PUT", "/access/users/alice%40corp", { groups: "local", append: "1" });
    await logIn({ userinfo: { ...alice, groups: ["viewers"] } });
    assert.deepEqual(await groupsOfAlice(), ["admins-corp", "local", "viewers-corp"]);
    await setOptions({ "groups-overwrite": "1" });
    await logIn({ userinfo: { ...alice, groups: ["viewers"] } });
    assert.deepEqual(await groupsOfAlice(), ["viewers-corp"]);
  });

  it("leaves them alone when the claim is missing or no list", async () => {
    await setOptions({ "groups-claim": "groups", "groups-autocreate": "1", "groups-overwrite": "1" });
    await logIn({ userinfo: { ...alice, groups: ["viewers"] } });
    await logIn({ userinfo: alice });
    await logIn({ userinfo: { ...alice, groups: "viewers" } });
    assert.deepEqual(await groupsOfAlice(), ["viewers-corp"]);
    assert.ok(syslog().includes("<27>openid groups claim 'groups' is not found in claims"));
    assert.ok(syslog().includes("<27>openid groups list is not an array; groups will not be updated"));
  });
});

describe("a login that fails", () => {
  const cases: { name: string; login: Login; reason: RegExp; options?: Record<string, string> }[] = [
    {
      name: "without autocreate",
      login: { userinfo: alice },
      options: { autocreate: "0" },
      reason: /^no such user \('alice@corp'\)$/,
    },
    {
      name: "with a key that is not in the JWKS",
      login: { userinfo: alice, signedByOtherKey: true },
      reason: /^Failed to verify ID token: Signature verification failed$/,
    },
    {
      name: "with an expired ID token",
      login: { userinfo: alice, lifetimeSeconds: 0 },
      reason:
        /^Failed to verify ID token: Expired: ID token expired at [-\d]+ [:\d]+ UTC \(current time is .+ UTC\)$/,
    },
    {
      name: "with another audience beside",
      login: { userinfo: alice, audience: [clientId, "other"] },
      reason: /^Failed to verify ID token: Invalid audiences: `other` is not a trusted audience$/,
    },
    {
      name: "with another audience only",
      login: { userinfo: alice, audience: "other" },
      options: { audiences: "other" },
      reason:
        /^Failed to verify ID token: Invalid audiences: must contain `pve` \(found audiences: `other`\)$/,
    },
    {
      name: "with another nonce",
      login: { userinfo: alice, claims: { nonce: "other" } },
      reason: /^Failed to verify ID token: Invalid nonce/,
    },
    {
      name: "with a claim of the wrong type",
      login: { claims: { preferred_username: 7 } },
      reason: /^Failed to contact token endpoint: Failed to parse server response$/,
    },
    {
      name: "with a wrong client key",
      login: { userinfo: alice },
      options: { "client-key": "other" },
      reason: /^Failed to contact token endpoint: Request failed$/,
    },
    {
      name: "without userinfo",
      login: { userinfoStatus: 500 },
      reason: /^Failed to contact userinfo endpoint: Request failed$/,
    },
    { name: "without the username claim", login: {}, reason: /^missing claim 'preferred_username'$/ },
    {
      name: "with a name that Proxmox refuses",
      login: { userinfo: { preferred_username: "a b" } },
      reason: /^value 'a b@corp' does not look like a valid user name$/,
    },
    {
      name: "with a name that is too long",
      login: { userinfo: { preferred_username: "x".repeat(63) } },
      reason: /is too long \(68 > 64\)$/,
    },
  ];

  for (const { name, login, reason, options } of cases) {
    it(`${name} says why in the syslog only`, async () => {
      if (options !== undefined) await setOptions(options);
      const { status, reason: phrase } = await logIn(login);
      assert.deepEqual([status, phrase], [401, "authentication failure"]);
      const logged = /^<27>openid authentication failure; rhost=127\.0\.0\.1 msg=(.*)$/.exec(
        syslog().at(-1) ?? "",
      );
      assert.match(logged?.[1] ?? "", reason);
    });
  }

  it("takes a state only once", async () => {
    const callback = issuer.authorize(String((await authUrl()).data), { userinfo: alice });
    assert.equal((await finish(callback)).status, 200);
    assert.equal((await finish(callback)).status, 401);
    assert.match(syslog().at(-1) ?? "", /msg=no openid auth state found \(possible timeout\)$/);
  });

  it("refuses disabled and expired users", async () => {
    await logIn({ userinfo: alice });
    await client.call("PUT", "/access/users/alice%40corp", { enable: "0" });
    assert.equal((await logIn({ userinfo: alice })).status, 401);
    assert.match(syslog().at(-1) ?? "", /msg=user 'alice@corp' is disabled$/);
    await client.call("PUT", "/access/users/alice%40corp", { enable: "1", expire: "1000000000" });
    assert.equal((await logIn({ userinfo: alice })).status, 401);
    assert.match(syslog().at(-1) ?? "", /msg=user 'alice@corp' access expired$/);
  });
});

describe("an auth-url that fails", () => {
  it("until the issuer's CA is in the system store", async () => {
    rmSync(join(trust, "issuer.pem"));
    const refused = await authUrl();
    assert.equal(refused.status, 500);
    assert.match(
      refused.reason,
      /^Request failed: ureq .*certificate verify failed.*\(unable to get local issuer certificate\)/,
    );
    writeFileSync(join(trust, "issuer.pem"), issuer.caPem);
    assert.equal((await authUrl()).status, 200);
  });

  const cases: {
    name: string;
    options: (issuer: string) => Record<string, string>;
    reason: (issuer: string) => string;
  }[] = [
    {
      name: "nothing listens",
      options: () => ({ "issuer-url": "https://127.0.0.1:1" }),
      reason: () =>
        "Request failed: ureq request failed - io: Connection refused (os error 111): io: Connection refused (os error 111)",
    },
    {
      name: "the issuer has another slash",
      options: (url) => ({ "issuer-url": `${url}/` }),
      reason: (url) => `Validation error: unexpected issuer URI \`${url}\` (expected \`${url}/\`)`,
    },
    {
      name: "there is nothing to discover",
      options: (url) => ({ "issuer-url": `${url}/missing` }),
      reason: () => "Request failed: ureq request failed - http status: 404: http status: 404",
    },
    {
      name: "the issuer is no URL",
      options: () => ({ "issuer-url": "not a url" }),
      reason: () => "relative URL without a base",
    },
  ];

  for (const { name, options, reason } of cases) {
    it(`because ${name}`, async () => {
      await setOptions(options(issuer.issuer));
      const answer = await authUrl();
      assert.deepEqual([answer.status, answer.reason], [500, reason(issuer.issuer)]);
    });
  }

  it("because the issuer's certificate has another name", async (test) => {
    const other = await startIssuer(["other.example"]);
    test.after(() => other.close());
    writeFileSync(join(trust, "other.pem"), other.caPem);
    await setOptions({ "issuer-url": other.issuer });
    assert.match((await authUrl()).reason, /certificate verify failed.*\(hostname mismatch\)/);
  });

  it("because the issuer signs without a key pair", async () => {
    const { keys } = issuer.jwks;
    delete issuer.jwks.keys;
    const answer = await authUrl();
    issuer.jwks.keys = keys;
    assert.equal(answer.reason, "Failed to parse server response: missing field `keys` at line 1 column 2");
  });

  it("because too many logins are pending", async () => {
    for (let pending = 0; pending < 101; pending++) {
      proxmox.node.pendingLogins.add("corp", { nonce: "", codeVerifier: "" });
    }
    assert.equal((await authUrl()).reason, "too many pending openid auth request for realm corp");
  });
});
