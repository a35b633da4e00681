import assert from "node:assert/strict";
import { it } from "node:test";
import { startAuthentik } from "../../lab/authentik/start";
import { disturbanceFrom } from "../../lab/disturbance";
import { startProxmox } from "../../lab/proxmox/server";
import { clientOf } from "./proxmox-client";

const latency = 50;

it("the lab's authentik is slow and fails as it is told to", async (test) => {
  const disturbance = disturbanceFrom(String(latency), ["POST /api/v3/core/=503"]);
  const { httpUrl, close } = await startAuthentik({ disturbance });
  test.after(close);
  const started = performance.now();
  assert.equal((await fetch(`${httpUrl}/api/v3/core/groups/`, { method: "POST" })).status, 503);
  assert.ok(performance.now() - started >= latency - 1);
  assert.equal((await fetch(`${httpUrl}/api/v3/core/groups/`)).status, 403);
});

it("the lab's Proxmox VE is slow and fails as it is told to", async (test) => {
  const token = "root@pam!lab=11111111-1111-4111-8111-111111111111";
  const disturbance = disturbanceFrom(String(latency), ["GET /api2/json/access/users=596"]);
  const proxmox = await startProxmox({ port: 0, rootPassword: "secret", tokens: [token], disturbance });
  test.after(() => proxmox.close());
  const { call, close } = clientOf(proxmox, token);
  test.after(close);
  const started = performance.now();
  assert.equal((await call("GET", "/access/users")).status, 596);
  assert.ok(performance.now() - started >= latency - 1);
  assert.equal((await call("GET", "/access/domains")).status, 200);
});

it("flags that are none are refused", () => {
  assert.throws(() => disturbanceFrom("soon", []), /milliseconds/);
  assert.throws(() => disturbanceFrom("0", ["GET 500"]), /METHOD/);
});
