import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { alice, LoginFixture } from "./login-fixture";
import { clientId, type Login } from "./tiny-issuer";

const fixture = new LoginFixture();

describe("a login that works", () => {
  it("creates the user and returns a valid ticket", async () => {
    const { status, data } = await fixture.logIn({ userinfo: alice });
    assert.equal(status, 200);
    const { username, ticket } = Object(data);
    assert.equal(username, "alice@corp");
    assert.deepEqual((await fixture.call("GET", "/access/users/alice%40corp")).data, {
      enable: 1,
      expire: 0,
      email: "alice@example.test",
      firstname: "Alice",
      lastname: "Rig",
      groups: [],
      tokens: null,
    });
    await fixture.call("PUT", "/access/acl", { path: "/vms", roles: "PVETemplateUser", users: "alice@corp" });
    const cookie = { Cookie: `PVEAuthCookie=${encodeURIComponent(ticket)}` };
    const permissions = await fixture.call("GET", "/access/permissions", undefined, cookie);
    assert.deepEqual(permissions.data, { "/vms": { "VM.Audit": 1, "VM.Clone": 1 } });
    assert.deepEqual(fixture.syslog(), ["<30><root@pam> successful openid auth for user 'alice@corp'"]);
  });

  it("reads claims only from the ID token without query-userinfo", async () => {
    await fixture.setOptions({ "query-userinfo": "0" });
    const { data } = await fixture.logIn({ claims: alice, userinfoStatus: 500 });
    assert.equal(Object(data).username, "alice@corp");
  });

  it("accepts further audiences that the realm names", async () => {
    await fixture.setOptions({ audiences: "other" });
    assert.equal((await fixture.logIn({ userinfo: alice, audience: [clientId, "other"] })).status, 200);
  });
});

describe("groups from a claim", () => {
  const groups = ["admins", "bad name", "viewers"];

  async function groupsOfAlice(): Promise<unknown> {
    return Object((await fixture.call("GET", "/access/users/alice%40corp")).data).groups;
  }

  it("are joined if they exist with the realm's suffix", async () => {
    await fixture.setOptions({ "groups-claim": "groups" });
    await fixture.call("POST", "/access/groups", { groupid: "admins-corp" });
    await fixture.logIn({ userinfo: { ...alice, groups } });
    assert.deepEqual(await groupsOfAlice(), ["admins-corp"]);
    assert.deepEqual(fixture.syslog().slice(0, 2), [
      "<28>openid group 'bad name' contains invalid characters",
      "<30>openid user 'alice@corp' added to groups: admins-corp",
    ]);
  });

  it("are created and overwritten if the realm says so", async () => {
    await fixture.setOptions({ "groups-claim": "groups", "groups-autocreate": "1" });
    await fixture.logIn({ userinfo: { ...alice, groups } });
    await fixture.call("POST", "/access/groups", { groupid: "local" });
    await fixture.call("PUT", "/access/users/alice%40corp", { groups: "local", append: "1" });
    await fixture.logIn({ userinfo: { ...alice, groups: ["viewers"] } });
    assert.deepEqual(await groupsOfAlice(), ["admins-corp", "local", "viewers-corp"]);
    await fixture.setOptions({ "groups-overwrite": "1" });
    await fixture.logIn({ userinfo: { ...alice, groups: ["viewers"] } });
    assert.deepEqual(await groupsOfAlice(), ["viewers-corp"]);
  });

  it("stay unchanged if the claim is missing or not a list", async () => {
    await fixture.setOptions({ "groups-claim": "groups", "groups-autocreate": "1", "groups-overwrite": "1" });
    await fixture.logIn({ userinfo: { ...alice, groups: ["viewers"] } });
    await fixture.logIn({ userinfo: alice });
    await fixture.logIn({ userinfo: { ...alice, groups: "viewers" } });
    assert.deepEqual(await groupsOfAlice(), ["viewers-corp"]);
    assert.ok(fixture.syslog().includes("<27>openid groups claim 'groups' is not found in claims"));
    assert.ok(
      fixture.syslog().includes("<27>openid groups list is not an array; groups will not be updated"),
    );
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
      name: "with an additional audience",
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
    it(`${name} is explained only in the syslog`, async () => {
      if (options !== undefined) await fixture.setOptions(options);
      const { status, reason: phrase } = await fixture.logIn(login);
      assert.deepEqual([status, phrase], [401, "authentication failure"]);
      const logged = /^<27>openid authentication failure; rhost=127\.0\.0\.1 msg=(.*)$/.exec(
        fixture.syslog().at(-1) ?? "",
      );
      assert.match(logged?.[1] ?? "", reason);
    });
  }

  it("accepts a state only once", async () => {
    const callback = fixture.issuer.authorize(String((await fixture.authUrl()).data), { userinfo: alice });
    assert.equal((await fixture.finish(callback)).status, 200);
    assert.equal((await fixture.finish(callback)).status, 401);
    assert.match(fixture.syslog().at(-1) ?? "", /msg=no openid auth state found \(possible timeout\)$/);
  });

  it("refuses disabled and expired users", async () => {
    await fixture.logIn({ userinfo: alice });
    await fixture.call("PUT", "/access/users/alice%40corp", { enable: "0" });
    assert.equal((await fixture.logIn({ userinfo: alice })).status, 401);
    assert.match(fixture.syslog().at(-1) ?? "", /msg=user 'alice@corp' is disabled$/);
    await fixture.call("PUT", "/access/users/alice%40corp", { enable: "1", expire: "1000000000" });
    assert.equal((await fixture.logIn({ userinfo: alice })).status, 401);
    assert.match(fixture.syslog().at(-1) ?? "", /msg=user 'alice@corp' access expired$/);
  });
});
