import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { type LoggedRequest, type RunningProxmox, startProxmox } from "../../../../lab/proxmox/server";
import { ProxmoxClient } from "../../../../providers/proxmox/client";

let proxmox: RunningProxmox;
const requests: LoggedRequest[] = [];

before(async () => {
  proxmox = await startProxmox({
    port: 0,
    rootPassword: "a good password",
    authenticationDelayMs: 0,
    onRequest: (request) => requests.push(request),
  });
});
after(() => proxmox.close());

function clientWith(password: string): ProxmoxClient {
  const credential = { username: "root@pam", password, configKey: "pulumi-nodejs:proxmoxPassword" };
  return new ProxmoxClient({ url: proxmox.url, caCertificate: proxmox.caPem, credential });
}

suite("ticket login", () => {
  test("logs in once, and sends ticket and CSRF token", async () => {
    const client = clientWith("a good password");
    const options = { "issuer-url": "https://a.example/", "client-id": "x", "client-key": "y" };
    await Promise.all([client.userIds(), client.createRealm("sso", options)]);
    assert.equal((await client.realm("sso"))["client-id"], "x");
    await client.deleteRealm("sso");
    assert.equal(requests.filter(({ path }) => path.endsWith("/access/ticket")).length, 1);
  });

  test("names the user whose password is refused", async () => {
    await assert.rejects(
      clientWith("a wrong password").userIds(),
      /refuses the login of "root@pam" with the password in config key "pulumi-nodejs:proxmoxPassword"/,
    );
  });
});
