import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { keepCurrent } from "../../cli/maintain/keep-current";
import { issueCertificate } from "../../providers/pki/certificate";
import { printedBy } from "../commands/printed";
import { exampleConfig } from "./example";
import { assertUnchanged, useEngine } from "./harness";

const folder = mkdtempSync(join(tmpdir(), "own-pair-"));
const signingCertificatePath = join(folder, "certificate.pem");
const signingKeyPath = join(folder, "key.pem");

/** Writes a key pair as another tool would. Returns a line of its private key. */
async function layOutPair(): Promise<string> {
  const { certificate, privateKey } = await issueCertificate({
    commonName: "auth.example.com",
    subjectAltNames: [],
    validityDays: 90,
    keySize: 2048,
  });
  writeFileSync(signingCertificatePath, certificate);
  writeFileSync(signingKeyPath, privateKey);
  const [, , line = ""] = privateKey.split("\n");
  assert.equal(line.length, 64);
  return line;
}

describe("the example with a custom signing pair", () => {
  const engine = useEngine();

  before(async () => {
    await layOutPair();
    const { authentik, proxmox } = engine.servers;
    const plain = exampleConfig("own-certificate.yaml", {
      "https://auth.example.com": authentik.httpUrl,
      "https://pve.example.com:8006": proxmox.url,
      signingCertificatePath,
      signingKeyPath,
    });
    await engine.stack.configure({ plain });
  });

  after(() => rmSync(folder, { recursive: true }));

  it("signs the login, and an unchanged stack shows no changes", async () => {
    assert.match(await engine.stack.up(), /logged in through authentik/);
    assertUnchanged(await engine.stack.up());
  });

  it("that is renewed in its files is renewed by npm run maintain, and signs the next login", async () => {
    const before = await engine.servers.certificate();
    const secretLine = await layOutPair();
    const { output } = await printedBy(async () => {
      assert.deepEqual(await keepCurrent((args) => engine.stack.capture(args)), []);
      return 0;
    });
    assert.match(output, /sso-certificate updat(.|\n)*logged in through authentik/);
    const now = await engine.servers.certificate();
    assert.equal(now.pk, before.pk);
    assert.notEqual(now.fingerprint_sha256, before.fingerprint_sha256);
    assert.ok(!(await engine.stack.export("--show-secrets")).includes(secretLine));
    assertUnchanged(await engine.stack.up());
  });

  it("that is broken in its files is refused at preview with the fix", async () => {
    writeFileSync(signingKeyPath, "garbage");
    await assert.rejects(engine.stack.preview(), /has no private key that can be read/);
  });
});
