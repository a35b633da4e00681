import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it, type TestContext } from "node:test";
import { Agent, fetch } from "undici";
import { type LoggedRequest, type ProxmoxOptions, startProxmox } from "../../lab/proxmox/server";
import { clientOf } from "./proxmox-client";

const token = "root@pam!lab=11111111-1111-4111-8111-111111111111";

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "proxmox-data-"));
});
after(() => rmSync(folder, { recursive: true }));

async function start(test: TestContext, options: Partial<ProxmoxOptions> = {}, clientToken = token) {
  const proxmox = await startProxmox({ port: 0, rootPassword: "root-password", tokens: [token], ...options });
  const { call, close } = clientOf(proxmox, clientToken);
  const stop = async () => {
    await close();
    await proxmox.close();
  };
  test.after(stop);
  return { proxmox, call, stop };
}

describe("the Proxmox VE simulator", () => {
  it("returns a ticket without rights to a user with a second factor", async (test) => {
    const { proxmox, call } = await start(test, { authenticationDelayMs: 0 });
    proxmox.node.secondFactors.add("root@pam");
    const login = { username: "root@pam", password: "root-password" };
    const { NeedTFA, cap, ticket } = Object((await call("POST", "/access/ticket", login, {})).data);
    assert.deepEqual({ NeedTFA, cap }, { NeedTFA: 1, cap: undefined });
    const cookie = { Cookie: `PVEAuthCookie=${ticket}` };
    assert.equal((await call("GET", "/version", undefined, cookie)).status, 401);
  });

  it("keeps its realms, tickets and certificates across restarts", async (test) => {
    const first = await start(test, { dataFolder: folder });
    await first.call("POST", "/access/domains", {
      realm: "corp",
      type: "openid",
      "issuer-url": "https://id.example",
      "client-id": "pve",
    });
    const login = { username: "root@pam", password: "root-password" };
    const { ticket } = Object((await first.call("POST", "/access/ticket", login, {})).data);
    await first.stop();

    const second = await start(test, { dataFolder: folder });
    const cookie = { Cookie: `PVEAuthCookie=${ticket}` };
    assert.equal((await second.call("GET", "/access/domains/corp", undefined, cookie)).status, 200);
    assert.equal(second.proxmox.caPem, first.proxmox.caPem);
    assert.equal(readFileSync(join(folder, "pve-root-ca.pem"), "utf8"), first.proxmox.caPem);
  });

  it("stores no secret in its state", async () => {
    const text = readFileSync(join(folder, "config.json"), "utf8");
    assert.doesNotMatch(text, /root-password|11111111-1111/);
  });

  it("answers a failed authentication late", async (test) => {
    const { call } = await start(test, { authenticationDelayMs: 150 }, "root@pam!lab=wrong");
    const began = Date.now();
    const { status, reason } = await call("GET", "/version");
    assert.deepEqual([status, reason], [401, "Authentication failed!"]);
    assert.ok(Date.now() - began >= 150);
  });

  it("shows the received requests to tests", async (test) => {
    const requests: LoggedRequest[] = [];
    const { call } = await start(test, { onRequest: (request) => requests.push(request) });
    await call("POST", "/access/groups", { groupid: "admins" });
    assert.deepEqual(requests, [
      { method: "POST", path: "/api2/json/access/groups", body: "groupid=admins" },
    ]);
  });

  it("serves a login page", async (test) => {
    const { proxmox } = await start(test);
    const agent = new Agent({ connect: { ca: proxmox.caPem } });
    test.after(() => agent.close());
    const response = await fetch(proxmox.url, { dispatcher: agent });
    assert.match(await response.text(), /<title>Proxmox VE \(simulated\)<\/title>/);
  });

  it("refuses a release without a recording", async (test) => {
    await assert.rejects(start(test, { release: "6.4" }), /No profile for Proxmox VE 6\.4\. Choose one of/);
  });
});
