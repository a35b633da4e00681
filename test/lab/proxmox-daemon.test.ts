import assert from "node:assert/strict";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { describe, it, type TestContext } from "node:test";
import { disturbanceFrom } from "../../lab/disturbance";
import { type ProxmoxOptions, startProxmox } from "../../lab/proxmox/server";
import { clientOf } from "./proxmox-client";

const token = "root@pam!lab=11111111-1111-4111-8111-111111111111";
const timeoutMs = 100;

async function start(test: TestContext, options: Partial<ProxmoxOptions>) {
  const proxmox = await startProxmox({ port: 0, rootPassword: "secret", tokens: [token], ...options });
  const client = clientOf(proxmox, token);
  test.after(async () => {
    await client.close();
    await proxmox.close();
  });
  return { proxmox, call: client.call };
}

/** A provider that accepts every connection and never answers. */
async function startSilentIssuer(test: TestContext) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => sockets.add(socket.on("error", () => {})));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const hangUp = () => sockets.forEach((socket) => void socket.destroy());
  test.after(() => {
    hangUp();
    server.close();
  });
  const address: AddressInfo | string | null = server.address();
  assert.ok(typeof address === "object" && address !== null);
  return { url: `http://127.0.0.1:${address.port}/`, hangUp };
}

describe("pvedaemon of the lab's Proxmox VE", () => {
  it("is required only for calls that need root", async (test) => {
    const { call } = await start(test, {
      disturbance: disturbanceFrom("proxmox", { fault: ["pvedaemon=down"] }),
    });
    const statuses = [
      (await call("POST", "/access/groups", { groupid: "admins" })).status,
      (await call("GET", "/access/users")).status,
      (await call("GET", "/access/groups")).status,
      (await call("GET", "/access/domains")).status,
    ];
    assert.deepEqual(statuses, [595, 595, 200, 200]);
  });

  it("is blocked by three logins at a provider that never answers, until the connections close", async (test) => {
    const { proxmox, call } = await start(test, { daemonTimeoutMs: timeoutMs });
    const issuer = await startSilentIssuer(test);
    const realm = { realm: "silent", type: "openid", "issuer-url": issuer.url, "client-id": "pve" };
    await call("POST", "/access/domains", realm);
    const authUrl = { realm: "silent", "redirect-url": "https://pve.example:8006" };
    const askAuthUrl = () => call("POST", "/access/openid/auth-url", authUrl);
    const makeGroup = (groupid: string) => call("POST", "/access/groups", { groupid });

    assert.deepEqual([(await askAuthUrl()).status, (await askAuthUrl()).status], [596, 596]);
    assert.equal((await makeGroup("early")).status, 200);
    assert.equal((await askAuthUrl()).reason, "Connection timed out");
    assert.equal((await makeGroup("late")).status, 596);
    assert.equal((await call("GET", "/access/domains")).status, 200);

    issuer.hangUp();
    while (!proxmox.node.daemon.isIdle) await new Promise(setImmediate);
    const { data } = await call("GET", "/access/groups");
    assert.ok(Array.isArray(data));
    assert.deepEqual(data.map(({ groupid }) => groupid).sort(), ["early", "late"]);
  });
});
