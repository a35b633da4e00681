import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { createServer, type Server } from "node:https";
import { after, before, suite, test } from "node:test";
import { isAxiosError } from "axios";
import { createHttp } from "../../../../providers/http/client";
import { explainNoAnswer } from "../../../../providers/http/failures";
import { issueCertificate } from "../../../../providers/pki/certificate";

let server: Server;
let url = "";
let fingerprint = "";
let requests = 0;

before(async () => {
  const pair = await issueCertificate({
    commonName: "another-name.example",
    subjectAltNames: [],
    validityDays: 1,
    keySize: 2048,
  });
  fingerprint = new X509Certificate(pair.certificate).fingerprint256;
  server = createServer({ cert: pair.certificate, key: pair.privateKey }, (_request, response) => {
    requests++;
    response.end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  url = `https://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

const get = (pinned: string | undefined) =>
  createHttp({ baseUrl: url, headers: {}, fingerprint: pinned, isTransient: () => false }).get("/");

suite("a pinned fingerprint", () => {
  test("is sufficient for a certificate of any name and CA, in either spelling", async () => {
    assert.equal((await get(fingerprint)).status, 200);
    assert.equal((await get(fingerprint.replaceAll(":", "").toLowerCase())).status, 200);
  });

  test("refuses another certificate before any request, and prints its fingerprint", async () => {
    const before = requests;
    await assert.rejects(get("00".repeat(32)), (error) => {
      assert.ok(isAxiosError(error));
      const { message } = explainNoAnswer(error, "Proxmox", "`proxmoxCa`");
      assert.match(message, /another TLS certificate than the pinned one/);
      assert.ok(message.includes(fingerprint), message);
      return true;
    });
    assert.equal(requests, before);
  });

  test("is optional: without one, the CA decides", async () => {
    await assert.rejects(get(undefined), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
  });
});
