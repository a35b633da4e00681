import assert from "node:assert/strict";
import { it } from "node:test";
import { startAuthentik } from "../../lab/authentik/start";
import { disturbanceFrom } from "../../lab/disturbance";
import { Load, loadModels } from "../../lab/load";
import { startProxmox } from "../../lab/proxmox/server";
import { clientOf } from "./proxmox-client";

const latency = 50;

it("the lab's authentik is slow and fails on request", async (test) => {
  const disturbance = disturbanceFrom("authentik", {
    latency: String(latency),
    fault: ["POST /api/v3/core/=503"],
  });
  const { httpUrl, close } = await startAuthentik({ disturbance });
  test.after(close);
  const started = performance.now();
  assert.equal((await fetch(`${httpUrl}/api/v3/core/groups/`, { method: "POST" })).status, 503);
  assert.ok(performance.now() - started >= latency - 1);
  assert.equal((await fetch(`${httpUrl}/api/v3/core/groups/`)).status, 403);
});

it("the lab's Proxmox VE is slow and fails on request", async (test) => {
  const token = "root@pam!lab=11111111-1111-4111-8111-111111111111";
  const disturbance = disturbanceFrom("proxmox", {
    latency: String(latency),
    fault: ["GET /api2/json/access/users=596"],
  });
  const proxmox = await startProxmox({ port: 0, rootPassword: "secret", tokens: [token], disturbance });
  test.after(() => proxmox.close());
  const { call, close } = clientOf(proxmox, token);
  test.after(close);
  const started = performance.now();
  assert.equal((await call("GET", "/access/users")).status, 596);
  assert.ok(performance.now() - started >= latency - 1);
  assert.equal((await call("GET", "/access/domains")).status, 200);
});

it("the lab's authentik without redis behaves like the real one: it creates an application and answers 405", async (test) => {
  const { call, close } = await authentikWithout("redis", "2025.10");
  test.after(close);
  const application = { name: "Proxmox VE", slug: "pve" };
  assert.deepEqual(await call("POST", "/api/v3/core/applications/", application), [405, ""]);
  const [status, body] = await call("GET", "/api/v3/core/applications/pve/");
  assert.equal(status, 200);
  assert.match(body, /"slug":"pve"/);
  assert.equal((await call("GET", "/api/v3/flows/instances/"))[0], 500);
});

it("the lab's newest authentik needs no redis", async (test) => {
  const { call, close } = await authentikWithout("redis", "2026.5");
  test.after(close);
  assert.equal((await call("POST", "/api/v3/core/applications/", { name: "pve", slug: "pve" }))[0], 201);
});

it("the lab's authentik fails without its database like the real one", async (test) => {
  const { call, close } = await authentikWithout("database", "2026.5");
  test.after(close);
  assert.equal((await call("GET", "/api/v3/core/users/me/"))[0], 500);
  assert.deepEqual(await call("POST", "/api/v3/core/groups/", { name: "lost" }), [405, ""]);
  assert.equal((await call("GET", "/-/health/ready/"))[0], 500);
  assert.equal((await call("GET", "/-/health/live/"))[0], 502);
});

async function authentikWithout(part: "redis" | "database", profile: string) {
  const disturbance = disturbanceFrom("authentik", { fault: [`${part}=down`] });
  const { httpUrl, close } = await startAuthentik({ profile, bootstrap: { token: "a-token" }, disturbance });
  const headers = { authorization: "Bearer a-token", "content-type": "application/json" };
  return {
    close,
    async call(method: string, path: string, body?: object): Promise<[number, string]> {
      const text = body === undefined ? null : JSON.stringify(body);
      const response = await fetch(`${httpUrl}${path}`, { method, headers, body: text });
      return [response.status, await response.text()];
    },
  };
}

it("invalid flags are refused", () => {
  assert.throws(() => disturbanceFrom("authentik", { latency: "soon" }), /milliseconds/);
  assert.throws(() => disturbanceFrom("authentik", { fault: ["GET 500"] }), /METHOD.* or "redis=down"/);
  assert.throws(() => disturbanceFrom("authentik", { fault: ["pvedaemon=down"] }), /--fault requires/);
  assert.throws(() => disturbanceFrom("proxmox", { load: "heavy" }), /factor/);
});

/** Ten times as fast as the real server. */
const factor = 0.1;

async function timed(action: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await action();
  return performance.now() - started;
}

it("authentik under load handles requests in sequence, and fails some reads if too many wait", async () => {
  const load = new Load(loadModels.authentik, factor);
  const read = { method: "GET", path: "/api/v3/core/groups/" };
  const binding = { method: "POST", path: "/api/v3/policies/bindings/" };
  const milliseconds = await timed(() => Promise.all([load.work(read), load.work(read), load.work(binding)]));
  assert.ok(milliseconds >= (170 + 170 + 1500) * factor - 3, `${milliseconds} ms`);
  const answers = await Promise.all(Array.from({ length: 15 }, () => load.work(read)));
  assert.deepEqual(
    answers.filter((status) => status !== undefined),
    [500],
  );
});

it("Proxmox VE under load answers reads while writes wait for its lock", async () => {
  const load = new Load(loadModels.proxmox, factor);
  const write = { method: "PUT", path: "/api2/json/access/acl" };
  const writes = timed(() => Promise.all(Array.from({ length: 10 }, () => load.work(write))));
  const read = await timed(() => load.work({ method: "GET", path: "/api2/json/access/acl" }));
  assert.ok(read < (await writes) / 3, `${read} ms`);
});
