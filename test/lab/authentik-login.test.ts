import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import * as client from "openid-client";
import { type RunningAuthentik, startAuthentik } from "../../lab/authentik/start";
import { MemoryStore } from "../../lab/authentik/store/memory";

const TOKEN = "login-token";
const REDIRECT_URI = "https://pve.example.com:8006/callback";

describe("a login to the simulated authentik, without a browser", () => {
  let authentik: RunningAuthentik;
  /** A second server with the same database. Each request of a browser goes to the other one. */
  let second: RunningAuthentik;

  before(async () => {
    const store = new MemoryStore();
    store.isShared = true;
    authentik = await startAuthentik({ profile: "2026.5", bootstrap: { token: TOKEN }, store });
    second = await startAuthentik({ profile: "2026.5", store });
  });

  after(() => Promise.all([authentik.close(), second.close()]));

  it("returns tokens that a standard client library accepts", async () => {
    const signingKey = await api("POST", "crypto/certificatekeypairs/generate/", {
      common_name: "signing",
      validity_days: 30,
      alg: "ecdsa",
    });
    await createClient("pve", { signing_key: signingKey.pk });
    await createUser("alice", "alice's password", "proxmox-admins");
    const configuration = await discover("pve");
    const verifier = client.randomPKCECodeVerifier();
    const nonce = client.randomNonce();
    const url = client.buildAuthorizationUrl(configuration, {
      redirect_uri: REDIRECT_URI,
      scope: "openid email profile",
      state: "a state",
      nonce,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
    });

    const callback = await logIn(url, "alice", "alice's password");

    assert.ok(callback.startsWith(`${REDIRECT_URI}?code=`), callback);
    const tokens = await client.authorizationCodeGrant(configuration, new URL(callback), {
      pkceCodeVerifier: verifier,
      expectedState: "a state",
      expectedNonce: nonce,
    });
    const claims = tokens.claims();
    assert.equal(claims?.preferred_username, "alice");
    assert.deepEqual(claims?.groups, ["proxmox-admins"]);
    const userinfo = await client.fetchUserInfo(configuration, tokens.access_token, claims?.sub ?? "");
    assert.equal(userinfo.email, "alice@example.com");
  });

  it("stores the redirect URI of the first login if the list was empty", async () => {
    const provider = await createClient("empty", { redirect_uris: [] });
    const url = `${authentik.httpUrl}/application/o/authorize/?client_id=empty&redirect_uri=https%3A%2F%2Ffirst&response_type=code&scope=openid`;
    assert.equal((await fetch(url, { redirect: "manual" })).status, 302);
    const stored = await api("GET", `providers/oauth2/${provider.pk}/`);
    assert.deepEqual(stored.redirect_uris, [
      { matching_mode: "strict", url: "https://first", redirect_uri_type: "authorization" },
    ]);
    assert.equal((await fetch(url.replace("first", "second"), { redirect: "manual" })).status, 400);
  });

  async function discover(slug: string): Promise<client.Configuration> {
    const issuer = new URL(`${authentik.httpUrl}/application/o/${slug}/`);
    const secret = client.ClientSecretBasic(`${slug}-secret`);
    return client.discovery(issuer, slug, undefined, secret, { execute: [client.allowInsecureRequests] });
  }

  async function createClient(name: string, settings: object) {
    const flow = async (slug: string) => (await api("GET", `flows/instances/${slug}/`)).pk;
    const mappings = await api("GET", "propertymappings/provider/scope/?page_size=100");
    const provider = await api("POST", "providers/oauth2/", {
      name,
      client_id: name,
      client_secret: `${name}-secret`,
      authorization_flow: await flow("default-provider-authorization-implicit-consent"),
      invalidation_flow: await flow("default-provider-invalidation-flow"),
      redirect_uris: [{ matching_mode: "strict", url: REDIRECT_URI, redirect_uri_type: "authorization" }],
      property_mappings: mappings.results.map((mapping: { pk: string }) => mapping.pk),
      ...settings,
    });
    await api("POST", "core/applications/", { name, slug: name, provider: provider.pk });
    return provider;
  }

  async function createUser(username: string, password: string, groupName: string): Promise<void> {
    const group = await api("POST", "core/groups/", { name: groupName });
    const email = `${username}@example.com`;
    const user = await api("POST", "core/users/", { username, name: "A User", email, groups: [group.pk] });
    await api("POST", `core/users/${user.pk}/set_password/`, { password });
  }

  async function api(method: string, path: string, body?: object) {
    const response = await fetch(`${authentik.httpUrl}/api/v3/${path}`, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
    return text === "" ? {} : JSON.parse(text);
  }

  /** Follows the login flow like authentik's page, to the redirect that leaves authentik. */
  async function logIn(authorizationUrl: URL, username: string, password: string): Promise<string> {
    const browser = new Browser([second.httpUrl, authentik.httpUrl]);
    const flowPage = (await browser.request(authorizationUrl.href)).headers.get("location") ?? "";
    const [path = "", query = ""] = flowPage.split(/\?(.*)/s);
    const executor = `${path.replace("/if/flow/", "/api/v3/flows/executor/")}?query=${encodeURIComponent(query)}`;
    await browser.challenge(executor, "ak-stage-identification");
    await browser.request(executor, { component: "ak-stage-identification", uid_field: username });
    await browser.challenge(executor, "ak-stage-password");
    await browser.request(executor, { component: "ak-stage-password", password });
    assert.equal((await browser.request(executor)).status, 302);
    const { to } = await browser.challenge(executor, "xak-flow-redirect");
    return (await browser.request(to)).headers.get("location") ?? "";
  }
});

class Browser {
  private readonly cookies = new Map<string, string>();
  private requests = 0;

  constructor(private readonly origins: readonly string[]) {}

  async request(path: string, body?: object): Promise<Response> {
    const { pathname, search } = new URL(path, this.origins[0]);
    const origin = this.origins[this.requests++ % this.origins.length];
    const response = await fetch(new URL(`${pathname}${search}`, origin), {
      method: body ? "POST" : "GET",
      redirect: "manual",
      headers: { cookie: Array.from(this.cookies, ([name, value]) => `${name}=${value}`).join("; ") },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [name = "", value = ""] = (cookie.split(";")[0] ?? "").split("=");
      this.cookies.set(name, value);
    }
    return response;
  }

  async challenge(path: string, component: string) {
    const challenge = JSON.parse(await (await this.request(path)).text());
    assert.equal(challenge.component, component);
    return challenge;
  }
}
