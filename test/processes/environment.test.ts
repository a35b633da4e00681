import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { rootCertificates } from "node:tls";
import { projectRoot } from "../../cli/paths";
import { trustedByThisMachine } from "../../providers/http/trust";
import { createCertificateAuthority, issueCertificate } from "../../providers/pki/certificate";

const folder = mkdtempSync(join(tmpdir(), "trust-"));
let server: Server;
let port = 0;
const tokens: (string | undefined)[] = [];

before(async () => {
  const [ca, another] = await Promise.all(
    ["ours", "another"].map((name) => createCertificateAuthority(name)),
  );
  const request = {
    commonName: "localhost",
    subjectAltNames: ["localhost"],
    validityDays: 1,
    keySize: 2048,
  } as const;
  const pair = await issueCertificate(request, ca);
  server = createServer({ cert: pair.certificate, key: pair.privateKey }, (request, response) => {
    tokens.push(request.headers.authorization);
    response.setHeader("Content-Type", "application/json");
    response.end('{"version_current":"1","data":{"release":"9"}}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = Object(server.address()).port;
  // What else a bundle may contain: a comment and a damaged certificate.
  const damaged = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  const files = {
    "bundle.crt": `# a bundle\n${damaged}${ca?.certificate}`,
    // For Docker, which has its own CA.
    "ca.pem": another?.certificate ?? "",
    "cert.pem": pair.certificate,
    "key.pem": pair.privateKey,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
});
after(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

const calls: Record<string, string> = {
  authentik: `new (require("./providers/authentik/client").AuthentikClient)({ url, token: "t0ken", tokenConfigKey: "k" }).version()`,
  Proxmox: `new (require("./providers/proxmox/client").ProxmoxClient)({ url, credential: { token: "a@b!c=d", configKey: "k" } }).version()`,
  Docker: `require("./providers/docker/api").callDocker({ host: "tcp://localhost:${"PORT"}", certPath: FOLDER }, { url: "/version" })`,
};

/** The result of a call in a process with this environment. Node reads most of it at its start. */
function outcomeOf(server: string, environment: Record<string, string>, pinned = ""): Promise<string> {
  const call = (calls[server] ?? "")
    .replace("PORT", String(port))
    .replace("FOLDER", JSON.stringify(folder))
    .replace("url,", `url, fingerprint: ${JSON.stringify(pinned || undefined) ?? "undefined"},`);
  const script = `const url = "https://localhost:${port}"; ${call}.then(() => "accepted", (error) => error.message).then(console.log)`;
  const { NODE_EXTRA_CA_CERTS: _, SSL_CERT_FILE: __, ...own } = process.env;
  return new Promise((resolve, reject) => {
    const options = { cwd: projectRoot, env: { ...own, ...environment }, timeout: 60_000 };
    execFile(process.execPath, ["--import", "tsx", "-e", script], options, (error, stdout) =>
      error ? reject(error) : resolve(stdout.trim()),
    );
  });
}

test("the operating system's own store is trusted", () => {
  const store = "/etc/ssl/certs/ca-certificates.crt";
  const known = new Set(
    [...rootCertificates, ...trustedByThisMachine()].map((pem) => pem.replace(/\s/g, "")),
  );
  const installed = existsSync(store)
    ? readFileSync(store, "latin1").match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/g)
    : [];
  for (const pem of installed ?? []) assert.ok(known.has(pem.replace(/\s/g, "")), pem);
});

suite("the environment", () => {
  for (const name of Object.keys(calls)) {
    test(`cannot switch off the verification of ${name}'s certificate by NODE_TLS_REJECT_UNAUTHORIZED`, async () => {
      const outcome = await outcomeOf(name, { NODE_TLS_REJECT_UNAUTHORIZED: "0" });
      assert.match(outcome, /not trusted here|unable to verify|self.signed/);
      assert.deepEqual(tokens, []);
    });
  }

  test("adds the CAs of SSL_CERT_FILE, which replaces the system's own file", async () => {
    const environment = { SSL_CERT_FILE: join(folder, "bundle.crt") };
    assert.equal(await outcomeOf("authentik", environment), "accepted");
    assert.equal(await outcomeOf("Proxmox", environment), "accepted");
  });

  test("adds the CAs of NODE_EXTRA_CA_CERTS", async () => {
    assert.equal(
      await outcomeOf("authentik", { NODE_EXTRA_CA_CERTS: join(folder, "bundle.crt") }),
      "accepted",
    );
  });

  test("adds no CA to a pinned fingerprint", async () => {
    const environment = { SSL_CERT_FILE: join(folder, "bundle.crt") };
    assert.match(
      await outcomeOf("Proxmox", environment, "00".repeat(32)),
      /another TLS certificate than the pinned/,
    );
  });

  test("is ignored if it names a missing file", async () => {
    assert.match(
      await outcomeOf("Proxmox", { SSL_CERT_FILE: "/nowhere" }),
      /from a CA that is not trusted here/,
    );
  });
});
