import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { LoginFixture, redirectUrl } from "./login-fixture";
import { clientId, startIssuer } from "./tiny-issuer";

const fixture = new LoginFixture();

it("auth-url sends the same requests to the issuer as a real node", async () => {
  await fixture.setOptions({ prompt: "login", scopes: "email groups", "acr-values": "urn:a,urn:b" });
  const url = new URL(String((await fixture.authUrl()).data));
  const secrets = ["state", "code_challenge", "nonce"];
  const query = [...url.searchParams].map(([name, value]) => [name, secrets.includes(name) ? "…" : value]);
  assert.equal(url.origin + url.pathname, `${fixture.issuer.issuer}/authorize`);
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

describe("an auth-url that fails", () => {
  it("until the issuer's CA is in the system store", async () => {
    rmSync(join(fixture.trust, "issuer.pem"));
    const refused = await fixture.authUrl();
    assert.equal(refused.status, 500);
    assert.match(
      refused.reason,
      /^Request failed: ureq .*certificate verify failed.*\(unable to get local issuer certificate\)/,
    );
    writeFileSync(join(fixture.trust, "issuer.pem"), fixture.issuer.caPem);
    assert.equal((await fixture.authUrl()).status, 200);
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
      name: "the issuer is not a URL",
      options: () => ({ "issuer-url": "not a url" }),
      reason: () => "relative URL without a base",
    },
  ];

  for (const { name, options, reason } of cases) {
    it(`because ${name}`, async () => {
      await fixture.setOptions(options(fixture.issuer.issuer));
      const answer = await fixture.authUrl();
      assert.deepEqual([answer.status, answer.reason], [500, reason(fixture.issuer.issuer)]);
    });
  }

  it("because the issuer's certificate has another name", async (test) => {
    const other = await startIssuer(["other.example"]);
    test.after(() => other.close());
    writeFileSync(join(fixture.trust, "other.pem"), other.caPem);
    await fixture.setOptions({ "issuer-url": other.issuer });
    assert.match((await fixture.authUrl()).reason, /certificate verify failed.*\(hostname mismatch\)/);
  });

  it("because the issuer signs without a key pair", async () => {
    const { keys } = fixture.issuer.jwks;
    delete fixture.issuer.jwks.keys;
    const answer = await fixture.authUrl();
    fixture.issuer.jwks.keys = keys;
    assert.equal(answer.reason, "Failed to parse server response: missing field `keys` at line 1 column 2");
  });

  it("because too many logins are pending", async () => {
    for (let pending = 0; pending < 101; pending++) {
      fixture.proxmox.node.pendingLogins.add("corp", { nonce: "", codeVerifier: "" });
    }
    assert.equal((await fixture.authUrl()).reason, "too many pending openid auth request for realm corp");
  });
});
