import assert from "node:assert/strict";
import { suite, type TestContext, test } from "node:test";
import { ProxmoxLogin } from "../../../../providers/sso/proof/proxmox";
import { serve, skipPauses } from "../http/server";

/** The node's message while authentik answers it with 500 (recorded). */
const failedAtAuthentik = "Request failed: ureq request failed - http status: 500: http status: 500";

/** A Proxmox that answers this number of requests with 500 and this reason. */
async function failing(context: TestContext, times: number, reason: string) {
  skipPauses(context);
  const { url, requests } = await serve(context, (_request, response, count) => {
    const isFailing = count <= times;
    const headers = { "Content-Type": "application/json" };
    response.writeHead(isFailing ? 500 : 200, isFailing ? reason : "OK", headers);
    response.end(JSON.stringify({ data: "https://auth.example.com/application/o/authorize/" }));
  });
  return {
    login: new ProxmoxLogin({ url, tokenConfigKey: "proxmoxToken" }, "authentik", undefined),
    requests,
  };
}

suite("Proxmox, while an overloaded authentik answers its discovery with 500", () => {
  test("gets the request for the authorization URL again, which changes nothing", async (context) => {
    const { login, requests } = await failing(context, 2, failedAtAuthentik);
    assert.match(await login.authorizationUrl("https://pve.example.com"), /authorize/);
    assert.equal(requests.length, 3);
  });

  test("does not get it endlessly", async (context) => {
    const { login, requests } = await failing(context, Number.POSITIVE_INFINITY, failedAtAuthentik);
    await assert.rejects(
      login.authorizationUrl("https://pve.example.com"),
      /authentik failed on the node's request/,
    );
    assert.equal(requests.length, 5);
  });

  test("does not get a login again, because its code is valid once", async (context) => {
    const { login, requests } = await failing(context, 1, failedAtAuthentik);
    await assert.rejects(login.logIn("code", "state", "https://pve.example.com"), /authentik failed/);
    assert.equal(requests.length, 1);
  });

  test("does not get it again after another error", async (context) => {
    const { login, requests } = await failing(context, 1, "missing field `keys`");
    await assert.rejects(login.authorizationUrl("https://pve.example.com"), /no signing key/);
    assert.equal(requests.length, 1);
  });
});
