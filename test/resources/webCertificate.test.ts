import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { certificateAt } from "../../cli/system/certificate-at";
import { CURRENT } from "../../lab/authentik/profile";
import { certificateDefinition } from "../../providers/authentik/certificate";
import { webCertificateDefinition } from "../../providers/authentik/webCertificate";
import { createCertificateAuthority, fingerprintOf, issueCertificate } from "../../providers/pki/certificate";
import { Life } from "./life";
import { AuthentikSimulator, type Properties, providerOf } from "./simulators";
import { testEachInput } from "./table";

const day = 86_400_000;

// One version only: both recorded versions behave the same here, and each wait for the served certificate
// takes seconds.
const authentik = new AuthentikSimulator("2026.5", { tlsTickSeconds: 0.05 });
/** It chooses the certificate by the name that a client sends. */
const current = new AuthentikSimulator(CURRENT, { tlsTickSeconds: 0.05 });
/** Slow enough that a resource without a wait finds the old certificate. */
const slow = new AuthentikSimulator("2026.5", { tlsTickSeconds: 4 });
const made = new Map<string, Properties>();
const brand = () => authentik.find("core/brands/?default=true");
const given = (name: string) => ({
  certificate: made.get(name)?.pk,
  fingerprint: made.get(name)?.fingerprint_sha256,
});
const base = () => ({
  authentik: authentik.connection,
  ...given("first"),
  servedAt: authentik.running.httpsUrl,
});
async function byHand(web_certificate: unknown): Promise<void> {
  await authentik.call("PATCH", `core/brands/${(await brand()).brand_uuid}/`, { web_certificate });
}

async function prepare(): Promise<void> {
  for (const name of ["first", "second"]) {
    const { certificate, privateKey } = await issueCertificate({
      commonName: name,
      subjectAltNames: ["127.0.0.1"],
      validityDays: 10,
      keySize: 2048,
    });
    const pair = { name, certificate_data: certificate, key_data: privateKey };
    made.set(name, await authentik.call("POST", "crypto/certificatekeypairs/", pair));
  }
}

testEachInput({
  title: "WebCertificate on authentik 2026.5",
  definition: webCertificateDefinition,
  base,
  prepare,
  onServer: async () => ({ served: (await brand()).web_certificate }),
  inputs: {
    authentik: {
      to: () => ({ ...authentik.connection, url: `${authentik.running.httpUrl}/` }),
      onlyHere: true,
    },
    certificate: {
      to: () => given("second").certificate,
      with: () => given("second"),
      drift: () => byHand(null),
    },
    fingerprint: { to: () => given("second").fingerprint, with: () => given("second") },
    servedAt: { to: () => authentik.running.httpsUrl.replace("127.0.0.1", "localhost"), onlyHere: true },
    adopt: { to: true, shows: "nothing" },
    // In webCertificateInSwarm.test.ts.
    servers: { to: { docker: {}, service: "sso-server", port: 9443 }, shows: "nothing" },
  },
});

suite("WebCertificate on authentik 2026.5: more cases", () => {
  test("refuses a certificate that somebody else has set, unless it is adopted", async () => {
    await byHand(given("second").certificate);
    const life = new Life(await providerOf(webCertificateDefinition));
    await assert.rejects(life.create(base()), /A web certificate of the brand .* exists already.*adopt/);
    await life.create({ ...base(), adopt: true });
    assert.equal((await brand()).web_certificate, given("first").certificate);
    await life.delete();
    assert.equal((await brand()).web_certificate, null);
  });

  test("authentik 2026.8 serves it to clients that send the host's name, and to none at an IP address", async () => {
    const { certificate, privateKey } = await issueCertificate({
      commonName: "localhost",
      subjectAltNames: ["localhost"],
      validityDays: 10,
      keySize: 2048,
    });
    const pair = { name: "by name", certificate_data: certificate, key_data: privateKey };
    const { pk, fingerprint_sha256 } = await current.call("POST", "crypto/certificatekeypairs/", pair);
    const servedAt = current.running.httpsUrl;
    const inputs = {
      authentik: current.connection,
      certificate: pk,
      fingerprint: fingerprint_sha256,
      servedAt: servedAt.replace("127.0.0.1", "localhost"),
    };
    const life = new Life(await providerOf(webCertificateDefinition));
    await assert.rejects(
      life.create({ ...inputs, servedAt }),
      /127\.0\.0\.1:\d+ cannot serve its TLS certificate: .*For the IP address 127\.0\.0\.1, clients send none.*Use a host name/,
    );
    await life.create(inputs);
    const served = await certificateAt(inputs.servedAt);
    assert.equal(fingerprintOf(served.raw), fingerprint_sha256);
    await life.delete();
  });

  test("a CA's certificate is renewed in place in its last days, and the new one is served", async (context) => {
    const ca = await createCertificateAuthority("Test CA");
    const tls = new Life(await providerOf(certificateDefinition, { caKey: ca.privateKey }));
    const web = new Life(await providerOf(webCertificateDefinition));
    const ofTls = {
      authentik: slow.connection,
      name: "tls",
      commonName: "127.0.0.1",
      subjectAltNames: ["127.0.0.1"],
      validityDays: 825,
      serialNumber: "0a0b",
      signedBy: { certificate: ca.certificate, privateKeyConfigKey: "caKey" },
    };
    const ofWeb = () => ({
      authentik: slow.connection,
      certificate: tls.state.pk,
      fingerprint: tls.state.fingerprint,
      servedAt: slow.running.httpsUrl,
    });
    await tls.create(ofTls);
    await web.create(ofWeb());
    const { pk, fingerprint } = tls.state;

    context.mock.timers.enable({ apis: ["Date"], now: Date.now() + 794 * day });
    assert.equal(await tls.preview(ofTls), "nothing");
    context.mock.timers.setTime(Date.now() + 2 * day);
    assert.equal(await tls.preview(ofTls), "update");
    await tls.update(ofTls);
    assert.equal(tls.state.pk, pk);
    assert.notEqual(tls.state.fingerprint, fingerprint);
    assert.equal(await web.preview(ofWeb()), "update");
    await web.update(ofWeb());
    const served = await certificateAt(slow.running.httpsUrl);
    assert.equal(fingerprintOf(served.raw), tls.state.fingerprint);
    for (const [life, inputs] of [
      [tls, ofTls],
      [web, ofWeb()],
    ] as const) {
      await life.refresh();
      assert.equal(await life.preview(inputs), "nothing");
    }
    await web.delete();
    await tls.delete();
  });
});
