import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CURRENT, RELEASED } from "../../lab/authentik/profile";
import { startAuthentik } from "../../lab/authentik/start";
import { AuthentikSimulator, authentikToken, type Properties } from "../resources/simulators";

const current = new AuthentikSimulator(CURRENT);
const closed = new AuthentikSimulator(CURRENT, { settings: { defaultAppAccess: false } });
const earlier = new AuthentikSimulator(RELEASED);
const redirectUri = "https://pve.example.com:8006";

let made = 0;

async function newApplication(authentik: AuthentikSimulator, more: Properties = {}): Promise<Properties> {
  const { results } = await authentik.call("GET", "flows/instances/?designation=authorization");
  const [{ pk: flow }] = Object(results);
  const name = `pve${++made}`;
  const provider = await authentik.call("POST", "providers/oauth2/", {
    name,
    authorization_flow: flow,
    invalidation_flow: flow,
    redirect_uris: [{ matching_mode: "strict", url: redirectUri }],
    ...more,
  });
  return authentik.call("POST", "core/applications/", { name, slug: name, provider: provider.pk });
}

async function mayUse(authentik: AuthentikSimulator, { slug }: Properties): Promise<unknown> {
  return (await authentik.call("GET", `core/applications/${slug}/check_access/`)).passing;
}

async function bind(authentik: AuthentikSimulator, { pk: target }: Properties): Promise<Properties> {
  const { results } = await authentik.call("GET", "core/users/?username=akadmin");
  return authentik.call("POST", "policies/bindings/", { target, user: Object(results)[0].pk, order: 0 });
}

describe("the simulated authentik 2026.8", () => {
  it("answers a crash with 500 and a page, and earlier releases with 405", async () => {
    for (const [authentik, status] of [
      [current, 500],
      [earlier, 405],
    ] as const) {
      const binding = await bind(authentik, await newApplication(authentik));
      const answer = await fetch(`${authentik.running.httpUrl}/api/v3/policies/bindings/${binding.pk}/`, {
        method: "PATCH",
        headers: { Authorization: `Bearer ${authentikToken}`, "Content-Type": "application/json" },
        body: '{"enabled":false}',
      });
      assert.equal(answer.status, status);
      assert.equal(/Server Error/.test(await answer.text()), status === 500);
    }
  });

  it("has the grant token-exchange, which earlier releases refuse", async () => {
    const grant_types = ["urn:ietf:params:oauth:grant-type:token-exchange"];
    await newApplication(current, { grant_types });
    await assert.rejects(newApplication(earlier, { grant_types }), /400.*not a valid choice/);
  });

  it("accepts only printable ASCII in client IDs and secrets", async () => {
    for (const field of ["client_id", "client_secret"]) {
      await assert.rejects(newApplication(current, { [field]: "für-pve" }), /400.*ASCII/);
      await newApplication(earlier, { [field]: "für-pve" });
      await newApplication(current, { [field]: `!~ ${field}` });
    }
  });

  it("shows when temporary access ends, and then admits nobody by it", async () => {
    const application = await newApplication(closed);
    const { pk, expiring } = await bind(closed, application);
    assert.equal(expiring, false);
    assert.equal(await mayUse(closed, application), true);
    for (const [minutes, passing] of [
      [1, true],
      [-1, false],
    ] as const) {
      await closed.running.grantUntil(String(pk), new Date(Date.now() + minutes * 60_000));
      const binding = await closed.call("GET", `policies/bindings/${pk}/`);
      assert.equal(binding.expiring, true);
      assert.match(String(binding.expires), /^\d{4}-/);
      assert.equal(await mayUse(closed, application), passing);
    }
  });

  it("can refuse everybody if an application has no bindings", async () => {
    assert.equal(await mayUse(current, await newApplication(current)), true);
    assert.equal(await mayUse(closed, await newApplication(closed)), false);
    const { flags } = await closed.call("GET", "admin/settings/");
    assert.deepEqual(flags, { core_default_app_access: false });
  });

  it("returns the base URL with which it was started", async () => {
    const baseUrl = "https://auth.example.com";
    const running = await startAuthentik({
      profile: CURRENT,
      settings: { baseUrl },
      bootstrap: { token: authentikToken },
    });
    try {
      const headers = { Authorization: `Bearer ${authentikToken}` };
      const answer = await fetch(`${running.httpUrl}/api/v3/admin/settings/`, { headers });
      assert.equal(Object(await answer.json()).base_url, baseUrl);
    } finally {
      await running.close();
    }
  });
});
