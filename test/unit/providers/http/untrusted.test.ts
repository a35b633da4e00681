import assert from "node:assert/strict";
import { createServer, type Server, type ServerOptions } from "node:https";
import { after, before, suite, test } from "node:test";
import { issueCertificate as issueProxmoxCertificate } from "../../../../lab/proxmox/certificate";
import { connectAuthentik } from "../../../../providers/authentik/connection";
import { Credentials } from "../../../../providers/core/credentials";
import {
  createCertificateAuthority,
  issueCertificate,
  type KeyPair,
} from "../../../../providers/pki/certificate";
import { connectProxmox } from "../../../../providers/proxmox/connection";

const credentials = new Credentials(
  { get: (key) => (key.endsWith("proxmoxToken") ? "sso@pve!test=1" : "a-token") },
  {},
);
/** A read of each server, as the resources send it. */
const reads: Record<string, (url: string, caCertificate: string) => Promise<unknown>> = {
  authentik: (url, caCertificate) =>
    connectAuthentik({ url, caCertificate, tokenConfigKey: "authentikToken" }, credentials).version(),
  Proxmox: (url, caCertificate) =>
    connectProxmox({ url, caCertificate, tokenConfigKey: "proxmoxToken" }, credentials).version(),
};

const servers: Server[] = [];
/** Both servers share the certificates, because keys take long to generate. */
const pairs = new Map<string, KeyPair>();
let ca: KeyPair;
let another: KeyPair;
const notYetValid = issueProxmoxCertificate(["127.0.0.1"], 1, 2);
let requests = 0;

before(async () => {
  ca = await createCertificateAuthority("ours");
  another = await createCertificateAuthority("another");
});
after(() => {
  for (const server of servers) server.close();
});

/** The address of a server whose certificate has exactly one fault. */
async function serve(
  certificate: { issuer?: KeyPair; name?: string; validityDays?: number },
  options: ServerOptions = {},
): Promise<string> {
  const { issuer = ca, name = "127.0.0.1", validityDays = 1 } = certificate;
  const request = { commonName: name, subjectAltNames: [name], validityDays, keySize: 2048 } as const;
  const key = `${name} ${validityDays} ${issuer === ca}`;
  const pair = pairs.get(key) ?? (await issueCertificate(request, issuer));
  pairs.set(key, pair);
  return await listen({ cert: pair.certificate, key: pair.privateKey, ...options });
}

async function listen(tls: ServerOptions): Promise<string> {
  const server = createServer(tls, (_request, response) => {
    requests++;
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify({ version_current: "2026.5.0", data: { version: "9.2" } }));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  return `https://127.0.0.1:${Object(server.address()).port}`;
}

for (const [name, read] of Object.entries(reads)) {
  suite(`${name} gets no request and no token if its certificate`, () => {
    const refused: [string, () => Promise<string>, RegExp][] = [
      ["is for another name", () => serve({ name: "other.example.com" }), /is not for the name in https:/],
      ["has expired", () => serve({ validityDays: -1 }), /has expired\. Renew it\./],
      [
        "is of a CA that is not trusted",
        () => serve({ issuer: another }),
        /from a CA that is not trusted here/,
      ],
      [
        "is older than 1.2",
        () => serve({}, { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" }),
        /supports only unsafe versions of TLS/,
      ],
    ];
    test("is not valid yet", async () => {
      const { caPem, certPem, keyPem } = notYetValid;
      const url = await listen({ cert: certPem, key: keyPem });
      await assert.rejects(read(url, caPem), /is not valid yet\. Correct the clock of this machine/);
    });

    for (const [fault, start, expected] of refused) {
      test(fault, async () => {
        const url = await start();
        await assert.rejects(read(url, ca.certificate), (error) => {
          assert.ok(error instanceof Error);
          assert.match(error.message, expected);
          assert.ok(error.message.includes(name), error.message);
          return true;
        });
      });
    }

    test("is valid: then it gets one", async () => {
      assert.equal(requests, name === "authentik" ? 0 : 1);
      await read(await serve({}), ca.certificate);
      assert.equal(requests, name === "authentik" ? 1 : 2);
    });
  });
}
