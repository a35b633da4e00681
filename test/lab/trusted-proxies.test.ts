import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CURRENT } from "../../lab/authentik/profile";
import { startAuthentik } from "../../lab/authentik/start";

interface Situation {
  profile?: string;
  trustedProxies?: string;
  headers?: Record<string, string>;
}

/** The issuer's origin in authentik if this machine is a proxy that uses https. */
async function originThrough({
  profile = CURRENT,
  trustedProxies,
  headers: forwarded = { "X-Forwarded-Proto": "https" },
}: Situation): Promise<URL> {
  const authentik = await startAuthentik({
    profile,
    bootstrap: { token: "token" },
    ...(trustedProxies && { trustedProxies }),
  });
  const headers = { Authorization: "Bearer token", "Content-Type": "application/json" };
  const api = (path: string, body: object) =>
    fetch(`${authentik.httpUrl}/api/v3/${path}/`, { method: "POST", headers, body: JSON.stringify(body) });
  try {
    const flows = await fetch(`${authentik.httpUrl}/api/v3/flows/instances/`, { headers });
    const { results } = Object(await flows.json());
    const [{ pk: flow }] = results;
    const provider = { name: "PVE", authorization_flow: flow, invalidation_flow: flow, redirect_uris: [] };
    const { pk } = Object(await (await api("providers/oauth2", provider)).json());
    await api("core/applications", { name: "PVE", slug: "pve", provider: pk });
    const discovery = `${authentik.httpUrl}/application/o/pve/.well-known/openid-configuration`;
    return new URL(Object(await (await fetch(discovery, { headers: forwarded })).json()).issuer);
  } finally {
    await authentik.close();
  }
}

const schemeThrough = async (trustedProxies: string) => (await originThrough({ trustedProxies })).protocol;

describe("authentik 2026.8 uses the headers of a reverse proxy", () => {
  it("from private networks by default", async () => {
    assert.equal((await originThrough({})).protocol, "https:");
  });

  it("from the configured networks, and ignores empty entries", async () => {
    assert.equal(await schemeThrough("203.0.113.0/24, ,127.0.0.0/8"), "https:");
    assert.equal(await schemeThrough("::/0,0.0.0.0/0"), "https:");
    assert.equal(await schemeThrough("127.0.0.1/32"), "https:");
  });

  it("from no other address", async () => {
    assert.equal(await schemeThrough("203.0.113.0/24,2001:db8::/32"), "http:");
    assert.equal(await schemeThrough("127.0.0.2/32"), "http:");
  });

  it("including a host that differs from the Host header", async () => {
    const both: Record<string, string>[] = [
      { "X-Forwarded-Host": "auth.example.com", "X-Forwarded-Proto": "https" },
      { Forwarded: 'for=192.0.2.1;host="auth.example.com";proto=https' },
    ];
    for (const headers of both) {
      assert.equal((await originThrough({ headers })).origin, "https://auth.example.com");
    }
    const headers = { "X-Forwarded-Host": "auth.example.com" };
    const untrusted = await originThrough({ headers, trustedProxies: "203.0.113.0/24" });
    assert.equal(untrusted.hostname, "127.0.0.1");
  });

  for (const list of ["172.16.0.15", "10.0.0.0/8,::1", "10.0.0.0/33", "proxy/24", "10.0.0.0/"]) {
    it(`and does not start with the list ${list}`, async () => {
      await assert.rejects(
        startAuthentik({ profile: CURRENT, trustedProxies: list }),
        /invalid IP address syntax/,
      );
    });
  }
});

describe("authentik before 2026.8", () => {
  it("uses the scheme from everybody, and the Host header for the host", async () => {
    for (const profile of ["2025.10", "2026.5", "2026.5.0"]) {
      const headers = { "X-Forwarded-Proto": "https", "X-Forwarded-Host": "auth.example.com" };
      const origin = await originThrough({ profile, headers, trustedProxies: "203.0.113.7" });
      assert.equal(origin.protocol, "https:");
      assert.equal(origin.hostname, "127.0.0.1");
    }
  });
});
