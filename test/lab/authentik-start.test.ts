import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "node:tls";
import { CURRENT } from "../../lab/authentik/profile";
import { readDatabaseSettings } from "../../lab/authentik/settings";
import { type RunningAuthentik, startAuthentik } from "../../lab/authentik/start";

const TOKEN = "start-token";

describe("the start of the simulated authentik", () => {
  it("creates the default objects late: the token first, the brand last", async () => {
    const authentik = await startAuthentik({ bootstrap: { token: TOKEN }, workerDelayMilliseconds: 200 });
    try {
      assert.equal((await get(authentik, "/-/health/ready/")).status, 200);
      assert.equal((await get(authentik, "/api/v3/core/users/me/")).status, 403);
      while ((await get(authentik, "/api/v3/core/users/me/")).status === 403) await sleep(5);
      assert.equal(await count(authentik, "core/brands/"), 0);
      await authentik.ready;
      assert.equal(await count(authentik, "core/brands/"), 1);
      assert.equal(await count(authentik, "propertymappings/provider/scope/"), 7);
    } finally {
      await authentik.close();
    }
  });

  it("reads the bootstrap values only on the first start, and keeps the objects", async () => {
    const dataDirectory = await mkdtemp(join(tmpdir(), "authentik-"));
    try {
      const first = await startAuthentik({ dataDirectory, bootstrap: { token: TOKEN } });
      await first.close();
      const second = await startAuthentik({ dataDirectory, bootstrap: { token: "another" } });
      const statuses = [TOKEN, "another"].map((token) => get(second, "/api/v3/core/users/me/", token));
      assert.deepEqual(
        (await Promise.all(statuses)).map((response) => response.status),
        [200, 403],
      );
      await second.close();
    } finally {
      await rm(dataDirectory, { recursive: true });
    }
  });

  for (const [profile, withoutName] of [
    ["2026.5", /auth\.example\.com/],
    [CURRENT, /authentik default certificate/],
  ] as const) {
    it(`serves a brand's web certificate from the next tick on, in ${profile}`, async () => {
      const authentik = await startAuthentik({ profile, bootstrap: { token: TOKEN }, tlsTickSeconds: 0.05 });
      try {
        assert.match(await servedSubject(authentik), /authentik default certificate/);
        const pair = await send(authentik, "POST", "crypto/certificatekeypairs/generate/", {
          common_name: "auth.example.com",
          validity_days: 1,
          alg: "ecdsa",
        });
        const brands = await (await get(authentik, "/api/v3/core/brands/")).text();
        const brand = JSON.parse(brands).results[0].brand_uuid;
        await send(authentik, "PATCH", `core/brands/${brand}/`, { web_certificate: pair.pk });
        await sleep(150);
        assert.match(await servedSubject(authentik, "auth.example.com"), /auth\.example\.com/);
        assert.match(await servedSubject(authentik), withoutName);
      } finally {
        await authentik.close();
      }
    });
  }

  it("reads settings from files and other variables", async () => {
    const directory = await mkdtemp(join(tmpdir(), "authentik-"));
    try {
      await writeFile(join(directory, "password"), "from a file\n");
      const settings = readDatabaseSettings({
        AUTHENTIK_POSTGRESQL__PASSWORD: `file://${join(directory, "password")}`,
        AUTHENTIK_POSTGRESQL__HOST: "env://HOST_NAME",
        HOST_NAME: " postgres ",
      });
      assert.equal(settings.password, "from a file");
      assert.equal(settings.host, "postgres");
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});

function get(authentik: RunningAuthentik, path: string, token = TOKEN): Promise<Response> {
  return fetch(authentik.httpUrl + path, { headers: { authorization: `Bearer ${token}` } });
}

async function count(authentik: RunningAuthentik, path: string): Promise<number> {
  const response = await get(authentik, `/api/v3/${path}`);
  return JSON.parse(await response.text()).pagination.count;
}

async function send(authentik: RunningAuthentik, method: string, path: string, body: object) {
  const response = await fetch(`${authentik.httpUrl}/api/v3/${path}`, {
    method,
    headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  assert.equal(response.status, 200);
  return JSON.parse(await response.text());
}

/** @param servername the SNI of a client that knows the name */
function servedSubject(authentik: RunningAuthentik, servername?: string): Promise<string> {
  const { hostname, port } = new URL(authentik.httpsUrl);
  return new Promise((resolve, reject) => {
    const socket = connect(
      { host: hostname, port: Number(port), servername, rejectUnauthorized: false },
      () => {
        resolve(new X509Certificate(socket.getPeerCertificate().raw).subject);
        socket.end();
      },
    );
    socket.on("error", reject);
  });
}
