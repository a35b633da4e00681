import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { generateCertificate } from "../../lab/authentik/crypto/generate";
import { certificateDefinition } from "../../providers/authentik/certificate";
import { oauth2ProviderDefinition } from "../../providers/authentik/oauth2Provider";
import { createCertificateAuthority, issueCertificate, type KeyPair } from "../../providers/pki/certificate";
import { Life } from "./life";
import { AuthentikSimulator, type Properties, providerOf } from "./simulators";
import { testEachInput } from "./table";

const day = 86_400_000;
const names = ["CA", "own pair", "renewed own pair"] as const;
const pairs = new Map<string, KeyPair>();
const folder = mkdtempSync(join(tmpdir(), "own-pair-"));
const certificatePath = join(folder, "certificate.pem");
const privateKeyPath = join(folder, "key.pem");
const ownPair = { certificatePath, privateKeyPath };
const credentials: Record<string, string> = {};

function pair(name: (typeof names)[number]): KeyPair {
  const made = pairs.get(name);
  assert.ok(made);
  return made;
}

function ellipticPair(): Promise<KeyPair> {
  return generateCertificate({
    commonName: "elliptic",
    names: [],
    days: 10,
    algorithm: "ecdsa",
    issuer: "test",
  });
}

function layOut({ certificate, privateKey }: KeyPair): void {
  writeFileSync(certificatePath, certificate);
  writeFileSync(privateKeyPath, privateKey);
}

before(async () => {
  pairs.set("CA", await createCertificateAuthority("Test CA"));
  for (const name of names.slice(1)) {
    pairs.set(
      name,
      await issueCertificate({ commonName: name, subjectAltNames: [], validityDays: 100, keySize: 2048 }),
    );
  }
  credentials.caKey = pair("CA").privateKey;
  credentials.ownKey = pair("own pair").privateKey;
  layOut(pair("own pair"));
});
after(() => rmSync(folder, { recursive: true }));

for (const profile of ["2026.5", "2025.10"]) {
  const authentik = new AuthentikSimulator(profile);
  const current = () => authentik.find("crypto/certificatekeypairs/?name=ours");
  const base = () => ({
    authentik: authentik.connection,
    name: "ours",
    commonName: "auth.example.com",
    serialNumber: "4a5b6c",
  });
  const patch = (fields: () => Properties) => async () => {
    const { pk } = await current();
    await authentik.call("PATCH", `crypto/certificatekeypairs/${pk}/`, fields());
  };
  const foreignPair = () => ({
    certificate_data: pair("renewed own pair").certificate,
    key_data: pair("renewed own pair").privateKey,
  });

  testEachInput({
    title: `Certificate on authentik ${profile}`,
    definition: certificateDefinition,
    credentials,
    base,
    onServer: ({ pk }) => authentik.call("GET", `crypto/certificatekeypairs/${pk}/`),
    volatile: ["fingerprint_sha256", "fingerprint_sha1", "cert_expiry", "cert_subject"],
    inputs: {
      authentik: {
        to: () => ({ ...authentik.connection, url: `${authentik.running.httpUrl}/` }),
        onlyHere: true,
      },
      name: { to: "ours, renamed", drift: patch(() => ({ name: "x" })) },
      commonName: { to: "login.example.com" },
      subjectAltNames: { to: ["auth.example.com", "10.0.0.1"] },
      keySize: { to: 3072 },
      validityDays: { to: 400 },
      renewBeforeDays: { to: 60, onlyHere: true },
      serialNumber: { to: "4a5b6d", drift: patch(foreignPair) },
      signedBy: { to: () => ({ certificate: pair("CA").certificate, privateKeyConfigKey: "caKey" }) },
      ownPair: { to: ownPair },
      adopt: { to: true, shows: "nothing" },
    },
  });

  suite(`Certificate on authentik ${profile}: more cases`, () => {
    async function made(given: Properties): Promise<Life> {
      const life = new Life(await providerOf(certificateDefinition, credentials));
      await life.create(given);
      return life;
    }

    test("is refused at preview if the CA's name constraints do not allow its names", async () => {
      const { certificate } = await createCertificateAuthority("of another host", "old.example.com");
      const provider = await providerOf(certificateDefinition, credentials);
      const given = { ...base(), signedBy: { certificate, privateKeyConfigKey: "caKey" } };
      const check = (name: string) => provider.check({}, { ...given, subjectAltNames: [name] });
      assert.deepEqual((await check("old.example.com")).failures, []);
      const { failures } = await check("new.example.com");
      assert.match(failures?.[0]?.reason ?? "", /name constraints do not allow new\.example\.com/);
    });

    test("is renewed in place in its last days before it expires, and not earlier", async (context) => {
      const life = await made({ ...base(), validityDays: 100, renewBeforeDays: 20 });
      const { pk, fingerprint } = life.state;
      const given = { ...base(), validityDays: 100, renewBeforeDays: 20 };
      const created = Date.now();
      context.mock.timers.enable({ apis: ["Date"], now: created + 79 * day });
      assert.equal(await life.preview(given), "nothing");
      context.mock.timers.setTime(created + 81 * day);
      assert.equal(await life.preview(given), "update");
      await life.update(given);
      assert.equal(await life.preview(given), "nothing");
      await life.refresh();
      assert.equal(await life.preview(given), "nothing");
      assert.equal(life.state.pk, pk);
      assert.notEqual(life.state.fingerprint, fingerprint);
      assert.equal((await current()).fingerprint_sha256, life.state.fingerprint);
      await life.delete();
    });

    test("is renewed 30 days before, or in the last third if that is shorter", async (context) => {
      const long = await made({ ...base(), validityDays: 365 });
      const created = Date.now();
      context.mock.timers.enable({ apis: ["Date"], now: created + 334 * day });
      assert.equal(await long.preview({ ...base(), validityDays: 365 }), "nothing");
      context.mock.timers.setTime(created + 336 * day);
      assert.equal(await long.preview({ ...base(), validityDays: 365 }), "update");
      context.mock.timers.setTime(created);
      await long.delete();
      const short = await made({ ...base(), validityDays: 9 });
      context.mock.timers.setTime(created + 5 * day);
      assert.equal(await short.preview({ ...base(), validityDays: 9 }), "nothing");
      context.mock.timers.setTime(created + 7 * day);
      assert.equal(await short.preview({ ...base(), validityDays: 9 }), "update");
      await short.delete();
    });

    test("sends a custom pair to authentik, and the preview shows a change of its files", async () => {
      const given = { authentik: authentik.connection, name: "ours", ownPair };
      const life = await made(given);
      assert.equal(await life.preview(given), "nothing");
      assert.equal((await current()).private_key_available, true);
      layOut(pair("renewed own pair"));
      assert.equal(await life.preview(given), "update");
      await life.update(given);
      await life.refresh();
      assert.equal(await life.preview(given), "nothing");
      layOut(pair("own pair"));
      await life.update(given);
      assert.ok(!JSON.stringify(life.state).includes("PRIVATE KEY"));
      await life.delete();
    });

    test("shows a custom pair that was replaced outside of Pulumi, and restores it", async () => {
      const given = { authentik: authentik.connection, name: "ours", ownPair };
      const life = await made(given);
      const { fingerprint } = life.state;
      await patch(foreignPair)();
      assert.equal((await life.refresh()).ownPair, undefined);
      assert.equal(await life.preview(given), "update");
      await life.update(given);
      assert.equal((await current()).fingerprint_sha256, fingerprint);
      await life.delete();
    });

    test("refuses a custom pair that cannot work at preview", async () => {
      const given = { authentik: authentik.connection, name: "ours" };
      const provider = await providerOf(certificateDefinition, credentials);
      const wrong = async (inputs: Properties) =>
        (await provider.check({}, { ...given, ...inputs })).failures ?? [];
      const [mismatch] = await wrong({ ownPair: { certificatePath, privateKeyConfigKey: "caKey" } });
      assert.equal(mismatch?.property, "ownPair");
      assert.match(mismatch?.reason ?? "", /config key "pulumi-nodejs:caKey" does not belong to/);
      const [missing] = await wrong({ ownPair: { certificatePath: "/nowhere.pem", privateKeyPath } });
      assert.match(missing?.reason ?? "", /nowhere\.pem cannot be read/);
      const [half] = await wrong({ ownPair: { certificatePath } });
      assert.match(half?.reason ?? "", /needs either privateKeyPath or privateKeyConfigKey/);
      const neither = await wrong({});
      assert.deepEqual(
        neither.map(({ property }) => property),
        ["commonName", "serialNumber"],
      );
    });

    test("a certificate without a key is stored without one, and cannot sign", async () => {
      const alone = { certificatePath, certificateOnly: true };
      const given = { authentik: authentik.connection, name: "ours", ownPair: alone };
      const life = await made({ ...given, ownPair });
      assert.equal((await current()).private_key_available, true);
      assert.equal(await life.preview(given), "update");
      await life.update(given);
      assert.equal((await current()).private_key_available, false);
      await life.refresh();
      assert.equal(await life.preview(given), "nothing");

      await patch(() => ({ key_data: pair("own pair").privateKey }))();
      await life.refresh();
      assert.equal(await life.preview(given), "update", "somebody gave it a key");
      await life.update(given);
      const name = "by a certificate alone";
      const redirectUris = [{ url: "https://pve.example.com:8006" }];
      const signing = { clientId: name, clientSecret: "secret", redirectUris, signingKey: life.state.pk };
      const provider = await providerOf(oauth2ProviderDefinition);
      const { inputs } = await provider.check({}, { authentik: authentik.connection, name, ...signing });
      const message =
        /`signingKey`: the certificate "ours" has no private key in authentik.*Use a certificate with/;
      await assert.rejects(provider.create(inputs), { message });
      const { results } = await authentik.call("GET", "providers/oauth2/");
      assert.deepEqual(results, []);
      await life.delete();
    });

    test("an existing certificate without a key is refused, because nothing proves whose it is", async () => {
      const { certificate: certificate_data } = pair("own pair");
      await authentik.call("POST", "crypto/certificatekeypairs/", { name: "ours", certificate_data });
      const given = {
        authentik: authentik.connection,
        name: "ours",
        ownPair: { certificatePath, certificateOnly: true },
      };
      await assert.rejects(made(given), /adopt/);
      await (await made({ ...given, adopt: true })).delete();
    });

    test("warns of an elliptic-curve pair with untested versions", async (context) => {
      const warnings = context.mock.method(console, "warn", () => {});
      layOut(await ellipticPair());
      const life = await made({ authentik: authentik.connection, name: "ours", ownPair });
      layOut(pair("own pair"));
      assert.equal(warnings.mock.callCount(), profile === "2026.5" ? 0 : 1);
      await life.delete();
    });

    test("can read the key of a custom pair from a secret config key", async () => {
      const given = {
        authentik: authentik.connection,
        name: "ours",
        ownPair: { certificatePath, privateKeyConfigKey: "ownKey" },
      };
      const life = await made(given);
      assert.equal(await life.preview(given), "nothing");
      assert.ok(!JSON.stringify(life.state).includes("PRIVATE KEY"));
      await life.delete();
    });
  });
}
