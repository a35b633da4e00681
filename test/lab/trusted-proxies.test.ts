import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { startAuthentik } from "../../lab/authentik/start";

/** The issuer's scheme as authentik sees it when this machine is the proxy that says https. */
async function schemeThrough(trustedProxies?: string): Promise<string> {
  const authentik = await startAuthentik({
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
    const answer = await fetch(discovery, { headers: { "X-Forwarded-Proto": "https" } });
    return new URL(Object(await answer.json()).issuer).protocol;
  } finally {
    await authentik.close();
  }
}

describe("the scheme that a reverse proxy tells authentik", () => {
  it("counts from the private networks, as is authentik's default", async () => {
    assert.equal(await schemeThrough(), "https:");
  });

  it("counts from the networks that are named", async () => {
    assert.equal(await schemeThrough("203.0.113.0/24, 127.0.0.0/8"), "https:");
    assert.equal(await schemeThrough("::/0,0.0.0.0/0"), "https:");
  });

  it("does not count from any other", async () => {
    assert.equal(await schemeThrough("203.0.113.0/24,2001:db8::/32"), "http:");
  });
});
