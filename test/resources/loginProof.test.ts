import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { issueCertificate } from "../../pki/certificate";
import { applicationDefinition } from "../../providers/authentik/application";
import { certificateDefinition } from "../../providers/authentik/certificate";
import { oauth2ProviderDefinition } from "../../providers/authentik/oauth2Provider";
import type { AnyDefinition } from "../../providers/core/definition";
import { openIdRealmDefinition } from "../../providers/proxmox/openIdRealm";
import { loginProofDefinition } from "../../providers/sso/loginProof";
import { Life } from "./life";
import { AuthentikSimulator, type Properties, ProxmoxSimulator, providerOf } from "./simulators";

async function created(definition: AnyDefinition, given: Properties): Promise<Properties> {
  const life = new Life(await providerOf(definition));
  await life.create(given);
  return life.state;
}

suite("the proof on two nodes with trust stores of their own", () => {
  const folder = mkdtempSync(join(tmpdir(), "proof-"));
  const trust = join(folder, "authentik.pem");
  const authentik = new AuthentikSimulator("2026.5", { tlsTickSeconds: 0.05 });
  const first = new ProxmoxSimulator("9.2", trust);
  const second = new ProxmoxSimulator("9.2");
  let chain: Properties;

  before(async () => {
    const pair = await issueCertificate({
      commonName: "localhost",
      subjectAltNames: ["127.0.0.1"],
      validityDays: 1,
      keySize: 2048,
    });
    writeFileSync(trust, pair.certificate);
    const { pk } = await authentik.call("POST", "crypto/certificatekeypairs/", {
      name: "web",
      certificate_data: pair.certificate,
      key_data: pair.privateKey,
    });
    const { brand_uuid } = await authentik.find("core/brands/?default=true");
    await authentik.call("PATCH", `core/brands/${brand_uuid}/`, { web_certificate: pk });

    const inAuthentik = { authentik: authentik.connection };
    const signing = await created(certificateDefinition, {
      ...inAuthentik,
      name: "signing",
      commonName: "localhost",
      serialNumber: "01",
    });
    const client = { clientId: "client", clientSecret: "secret" };
    const addresses = [first, second].map(({ connection }) => connection.url);
    const provider = await created(oauth2ProviderDefinition, {
      ...inAuthentik,
      ...client,
      name: "PVE",
      redirectUris: addresses.map((url) => ({ url })),
      signingKey: signing.pk,
    });
    await created(applicationDefinition, {
      ...inAuthentik,
      name: "PVE",
      slug: "pve",
      provider: provider.pk,
    });
    const issuerUrl = `${authentik.running.httpsUrl}/application/o/pve/`;
    for (const { connection } of [first, second]) {
      await created(openIdRealmDefinition, {
        proxmox: connection,
        realm: "corp",
        issuerUrl,
        clientId: client.clientId,
        clientKey: client.clientSecret,
      });
    }
    chain = {
      proxmox: first.connection,
      realm: "corp",
      issuerUrl,
      signingFingerprint: signing.fingerprint,
      redirectUris: addresses,
      authentikCaCertificate: pair.certificate,
    };
  });
  after(() => rmSync(folder, { recursive: true }));

  test("names the node that does not trust authentik's CA, and only that", async () => {
    const life = new Life(await providerOf(loginProofDefinition));
    await assert.rejects(life.create(chain), ({ message }: Error) => {
      assert.match(message, new RegExp(`At ${second.connection.url}: .*does not trust the CA`));
      assert.match(message, /update-ca-certificates/);
      return !message.includes(`At ${first.connection.url}`);
    });
  });

  test("asks the node of the API once where it is an address too", async () => {
    const before = first.requests.length;
    await created(loginProofDefinition, { ...chain, redirectUris: [first.connection.url] });
    assert.deepEqual(first.requests.slice(before), ["POST /api2/json/access/openid/auth-url"]);
  });

  test("takes authentik by a pinned fingerprint, and nobody else for it", async () => {
    const { authentikCaCertificate, ...untrusting } = chain;
    const redirectUris = [first.connection.url];
    const { fingerprint256 } = new X509Certificate(String(authentikCaCertificate));
    const pinned = { ...untrusting, redirectUris, authentikFingerprint: fingerprint256 };
    assert.match(String((await created(loginProofDefinition, pinned)).summary), /agree on issuer/);
    const life = new Life(await providerOf(loginProofDefinition));
    await assert.rejects(
      life.create({ ...pinned, authentikFingerprint: "00".repeat(32) }),
      /another TLS certificate than the pinned one/,
    );
  });

  test("passes with a warning where a node does not answer from here; the API's vouches for its redirect URI", async () => {
    await second.stop();
    const { summary } = await created(loginProofDefinition, chain);
    assert.match(String(summary), /redirect URI for 2 addresses/);
    assert.match(
      String(summary),
      new RegExp(
        `Not every address could be asked.*Proxmox refuses connections at ${second.connection.url}\\.`,
      ),
    );
  });
});
