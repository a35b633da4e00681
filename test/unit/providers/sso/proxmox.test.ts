import assert from "node:assert/strict";
import { suite, type TestContext, test } from "node:test";
import { ProxmoxLogin } from "../../../../providers/sso/proof/proxmox";
import { serve, skipPauses } from "../http/server";

/** What the node says while authentik answers it with 500 (recorded). */
const failedAtAuthentik = "Request failed: ureq request failed - http status: 500: http status: 500";

/** A Proxmox that answers so many times with 500 and this reason. */
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

suite("Proxmox whose discovery authentik answers with 500, as it does with too much to do", () => {
  test("is asked again for the authorization URL, which changes nothing", async (context) => {
    const { login, requests } = await failing(context, 2, failedAtAuthentik);
    assert.match(await login.authorizationUrl("https://pve.example.com"), /authorize/);
    assert.equal(requests.length, 3);
  });

  test("is not asked for ever", async (context) => {
    const { login, requests } = await failing(context, Number.POSITIVE_INFINITY, failedAtAuthentik);
    await assert.rejects(
      login.authorizationUrl("https://pve.example.com"),
      /authentik failed on the node's request/,
    );
    assert.equal(requests.length, 5);
  });

  test("is not asked again for a login, whose code counts once", async (context) => {
    const { login, requests } = await failing(context, 1, failedAtAuthentik);
    await assert.rejects(login.logIn("code", "state", "https://pve.example.com"), /authentik failed/);
    assert.equal(requests.length, 1);
  });

  test("is not asked again where something else is wrong", async (context) => {
    const { login, requests } = await failing(context, 1, "missing field `keys`");
    await assert.rejects(login.authorizationUrl("https://pve.example.com"), /no signing key/);
    assert.equal(requests.length, 1);
  });
});
