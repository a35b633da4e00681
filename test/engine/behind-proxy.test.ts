import assert from "node:assert/strict";
import type { X509Certificate } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { connect } from "node:tls";
import { exampleConfig } from "./example";
import { configFor } from "./harness";
import { type Nginx, startNginx } from "./nginx";
import { Servers } from "./servers";
import { Stack } from "./stack";

const proved = /akadmin@authentik\\?" logged in through authentik/;

/** The fingerprint in the output of `openssl s_client`, which people pin. */
function fingerprintAt(address: string): Promise<string> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false }, () => {
      const certificate: X509Certificate | undefined = socket.getPeerX509Certificate();
      socket.destroy();
      resolve(certificate?.fingerprint256 ?? "");
    });
    socket.once("error", reject);
  });
}

describe("the example authentik behind an nginx, two addresses, Proxmox by fingerprint", () => {
  let folder = "";
  let servers: Servers;
  let nginx: Nginx;
  let stack: Stack;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "proxy-"));
    servers = await Servers.start({}, join(folder, "ca.pem"));
    nginx = await startNginx(servers.authentik.httpUrl);
    await writeFile(join(folder, "ca.pem"), nginx.ca);
    const example = exampleConfig("behind-nginx.yaml", {
      "https://auth.example.com": nginx.url,
      authentikCaCertificate: nginx.ca,
      "https://pve.example.com:8006": servers.proxmox.url,
      "https://10.0.0.10:8006": servers.proxmox.url.replace("localhost", "127.0.0.1"),
      proxmoxFingerprint: await fingerprintAt(servers.proxmox.url),
    });
    const { secret } = configFor(servers);
    stack = await Stack.create({ plain: { ...example, testUsername: "akadmin" }, secret });
  });
  after(async () => {
    await stack?.remove();
    await nginx?.stop();
    await servers?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it("logs in, and checks both addresses", async () => {
    const output = await stack.up();
    assert.match(output, proved);
    assert.match(output, /2 addresses checked/);
    const { redirect_uris } = await servers.provider();
    assert.deepEqual(
      Object(redirect_uris).map(({ url }: { url: string }) => url),
      [servers.proxmox.url, servers.proxmox.url.replace("localhost", "127.0.0.1")],
    );
  });

  it("explains a proxy that does not pass the scheme", async () => {
    await nginx.leaveOut("X-Forwarded-Proto");
    await stack.forget("sso:LoginProof");
    assert.match(await stack.failingUp(), /issuer is `http:.*does not pass X-Forwarded-Proto\. Configure it/);
  });

  it("distinguishes a network that authentik does not trust from a header that the proxy does not pass", async () => {
    await nginx.leaveOut();
    servers.authentik.trustProxies("203.0.113.0/24");
    assert.match(
      await stack.failingUp(),
      /issuer is `http:.*does not trust the proxy's X-Forwarded-Proto.*`trustedProxies`.*replaces authentik's default/,
    );
    servers.authentik.trustProxies();
  });

  it("explains a proxy that does not pass the host", async () => {
    await nginx.leaveOut("Host");
    assert.match(await stack.failingUp(), /does not pass the Host header/);
  });

  it("continues after the proxy is fixed, and repeats only the proof", async () => {
    await nginx.leaveOut();
    const output = await stack.up();
    assert.match(output, proved);
    assert.match(output, /\+ 1 created/);
  });
});
