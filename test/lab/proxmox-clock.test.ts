import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { alice, LoginFixture } from "./login-fixture";

const fixture = new LoginFixture();
const minute = 60;
const day = 24 * 60 * minute;

const setClock = (offsetSeconds: number) => {
  fixture.proxmox.node.clock.offsetSeconds = offsetSeconds;
};

/** The clock changes after auth-url, as in the recorded cases 18c to 18k, which end before their logins. */
async function logInWith(offsetSeconds: number, lifetimeSeconds = 300) {
  const login = { userinfo: alice, lifetimeSeconds };
  const callback = fixture.issuer.authorize(String((await fixture.authUrl()).data), login);
  setClock(offsetSeconds);
  return fixture.finish(callback);
}

describe("a node's clock that is ahead", () => {
  it("is harmless while the ID token is valid", async () => {
    assert.equal((await logInWith(4 * minute)).status, 200);
  });

  it("expires the ID token", async () => {
    assert.equal((await logInWith(6 * minute)).status, 401);
    assert.match(fixture.syslog()[0] ?? "", /msg=Failed to verify ID token: Expired: ID token expired at /);
  });

  it("expires a login in progress after ten minutes, independent of the ID token", async () => {
    assert.equal((await logInWith(9 * minute, 3600)).status, 200);
    assert.equal((await logInWith(20 * minute, 3600)).status, 401);
    assert.match(fixture.syslog()[1] ?? "", /msg=no openid auth state found \(possible timeout\)/);
  });

  it("expires the certificate of the provider", async () => {
    setClock(800 * day);
    assert.match((await fixture.authUrl()).reason, /\(certificate has expired\)$/);
  });

  it("expires tickets", async () => {
    const { data } = await logInWith(0);
    const cookie = { Cookie: `PVEAuthCookie=${encodeURIComponent(Object(data).ticket)}` };
    const status = async () => (await fixture.call("GET", "/access/permissions", undefined, cookie)).status;
    assert.equal(await status(), 200);
    setClock(121 * minute);
    assert.equal(await status(), 401);
  });
});

describe("a node's clock that is behind", () => {
  it("is harmless for a login", async () => {
    assert.equal((await logInWith(-60 * minute)).status, 200);
  });

  it("makes the provider's certificate not yet valid", async () => {
    assert.equal((await logInWith(-2 * day)).status, 401);
    assert.match(fixture.syslog()[0] ?? "", /\(certificate is not yet valid\)$/);
  });

  it("appears in the log", async () => {
    await logInWith(-40 * day + 60 * minute);
    const month = new Date(fixture.proxmox.node.clock.now()).toUTCString().slice(8, 11);
    assert.ok(fixture.proxmox.node.store.syslog[0]?.startsWith(`<27>${month} `));
  });
});
