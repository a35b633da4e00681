import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Agent, fetch } from "undici";

const latencyMilliseconds = 120;
const latency = ["--latency", String(latencyMilliseconds)];
const limit = { timeout: 180_000 };

/** Starts a lab server in its own process. Returns the first line that it prints. */
async function start(program: string, args: string[], environment: NodeJS.ProcessEnv) {
  const path = join(__dirname, "../../lab", program);
  const child = spawn(process.execPath, ["--import", "tsx", path, ...args], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(child.stdout, "data");
  return {
    line: String(line),
    async stop(): Promise<void> {
      child.kill("SIGTERM");
      assert.deepEqual(await once(child, "exit"), [0, null]);
    },
  };
}

test("the Proxmox simulator has flags for port, data, profile, latency and faults", limit, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "proxmox-program-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const token = "root@pam!lab=11111111-1111-4111-8111-111111111111";
  const fault = ["--fault", "GET /api2/json/access/groups=503"];
  const server = await start(
    "proxmox/main.ts",
    ["--port", "0", "--data", folder, "--profile", "8.4", ...latency, ...fault],
    { LAB_PROXMOX_ROOT_PASSWORD: "root-password", LAB_PROXMOX_TOKEN: token },
  );
  const [, url] = /^Proxmox VE simulator on (https:\/\/localhost:\d+)\n$/.exec(server.line) ?? [];
  const dispatcher = new Agent({ connect: { ca: readFileSync(join(folder, "pve-root-ca.pem")) } });
  t.after(() => dispatcher.close());
  const headers = { authorization: `PVEAPIToken=${token}` };
  const get = (path: string) => fetch(`${url}/api2/json${path}`, { dispatcher, headers });
  const started = performance.now();
  assert.match(await (await get("/version")).text(), /"release":"8\.4"/);
  assert.ok(performance.now() - started >= latencyMilliseconds - 1);
  assert.equal((await get("/access/groups")).status, 503);
  await server.stop();
});

test("the authentik simulator has flags for ports, data, profile, latency and faults", limit, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "authentik-program-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const fault = ["--fault", "GET /api/v3/core/groups/=503"];
  const ports = ["--http", "0", "--https", "0"];
  const server = await start(
    "authentik/main.ts",
    ["all", ...ports, "--data", folder, "--profile", "2025.10", ...latency, ...fault],
    { AUTHENTIK_BOOTSTRAP_TOKEN: "program-token", LAB_WORKER_DELAY: "0" },
  );
  const [, url] = /^simulated authentik 2025\.10\S* at (http:\S+) and https:/.exec(server.line) ?? [];
  const headers = { authorization: "Bearer program-token" };
  const get = (path: string) => fetch(`${url}/api/v3${path}`, { headers });
  const started = performance.now();
  assert.match(await (await get("/admin/version/")).text(), /"version_current":"2025\.10/);
  assert.ok(performance.now() - started >= latencyMilliseconds - 1);
  assert.equal((await get("/core/groups/")).status, 503);
  await server.stop();
  assert.notDeepEqual(readdirSync(folder), []);
});
