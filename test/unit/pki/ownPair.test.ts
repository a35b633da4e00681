import "reflect-metadata";
import assert from "node:assert/strict";
import { createPrivateKey, generateKeyPairSync, webcrypto } from "node:crypto";
import { before, suite, test } from "node:test";
import { X509CertificateGenerator } from "@peculiar/x509";
import { issueCertificate } from "../../../providers/pki/certificate";
import { type OwnPair, readOwnPair } from "../../../providers/pki/ownPair";

type Algorithm = Parameters<typeof webcrypto.subtle.generateKey>[0] & { name: string };
interface Made {
  certificate: string;
  privateKey: string;
  keys: webcrypto.CryptoKeyPair;
}

const ec = (namedCurve: string) => ({ name: "ECDSA", namedCurve, hash: "SHA-256" });
const rsa = (modulusLength: number) => ({
  name: "RSASSA-PKCS1-v1_5",
  modulusLength,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: "SHA-256",
});
const day = 86_400_000;

async function make(algorithm: Algorithm, subject: string, issuer?: Made & { name: string }): Promise<Made> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  assert.ok("privateKey" in keys);
  const certificate = await X509CertificateGenerator.create(
    {
      serialNumber: "01",
      subject: `CN=${subject}`,
      issuer: `CN=${issuer?.name ?? subject}`,
      notBefore: new Date(Date.now() - day),
      notAfter: new Date(Date.now() + day),
      publicKey: keys.publicKey,
      signingKey: issuer?.keys.privateKey ?? keys.privateKey,
      signingAlgorithm: { name: algorithm.name, hash: "SHA-256" },
    },
    webcrypto,
  );
  const exported = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey));
  const key = createPrivateKey({ key: exported, format: "der", type: "pkcs8" });
  return {
    certificate: certificate.toString("pem"),
    privateKey: String(key.export({ format: "pem", type: "pkcs8" })),
    keys,
  };
}

function read(certificate: string, privateKey: string, now?: Date): OwnPair {
  return readOwnPair(
    { pem: certificate, source: "cert.pem" },
    { pem: privateKey, source: "key.pem" },
    [],
    now,
  );
}

suite("a custom key pair", () => {
  const made: Record<string, Made> = {};
  const of = (name: string) => made[name] ?? assert.fail(name);

  before(async () => {
    made.rsa = await make(rsa(2048), "rsa");
    made.weak = await make(rsa(1024), "weak");
    made.p256 = await make(ec("P-256"), "p256");
    made.p384 = await make(ec("P-384"), "p384");
    made.p521 = await make(ec("P-521"), "p521");
    made.ed25519 = await make({ name: "Ed25519" }, "ed25519");
    made.ca = await make(ec("P-256"), "ca");
    made.leaf = await make(rsa(2048), "leaf", { ...of("ca"), name: "ca" });
  });

  test("of a type that both servers support is accepted", () => {
    for (const [name, type] of [
      ["rsa", "RSA"],
      ["p256", "EC P-256"],
      ["p384", "EC P-384"],
    ] as const) {
      assert.equal(read(of(name).certificate, of(name).privateKey).keyType, type);
    }
  });

  test("keeps its chain, accepts the old form of private keys, and drops text around the PEM", () => {
    const chain = `Subject: leaf\n${of("leaf").certificate}\r\n${of("ca").certificate}\n`;
    const old = String(createPrivateKey(of("leaf").privateKey).export({ format: "pem", type: "pkcs1" }));
    const pair = read(chain, old);
    assert.equal(pair.certificate.match(/BEGIN CERTIFICATE/g)?.length, 2);
    assert.ok(pair.certificate.startsWith("-----BEGIN"));
  });

  test("can be a certificate without a key, of any type, valid and in order like others", () => {
    const alone = (pem: string, now?: Date) => readOwnPair({ pem, source: "cert.pem" }, undefined, [], now);
    const { certificate, privateKey, keyType } = alone(of("ed25519").certificate);
    assert.equal(certificate, of("ed25519").certificate.trim());
    assert.deepEqual([privateKey, keyType], ["", undefined]);
    assert.throws(() => alone(of("rsa").certificate, new Date("2100-01-01")), /expired/);
    assert.throws(() => alone(`${of("ca").certificate}\n${of("rsa").certificate}`), /is not the issuer/);
  });

  test("must contain the required names", async () => {
    const names = ["auth.example.com", "192.0.2.7"];
    const request = { commonName: "a", subjectAltNames: names, validityDays: 1, keySize: 2048 } as const;
    const { certificate, privateKey } = await issueCertificate(request);
    const pem = { pem: certificate, source: "cert.pem" };
    const key = { pem: privateKey, source: "key.pem" };
    assert.equal(readOwnPair(pem, key, names).keyType, "RSA");
    assert.throws(
      () => readOwnPair(pem, key, ["login.example.com"]),
      /cert\.pem is not for login\.example\.com \(it has DNS:auth\.example\.com, IP Address:192\.0\.2\.7\)/,
    );
    assert.throws(() => readOwnPair(pem, key, ["192.0.2.8"]), /is not for 192\.0\.2\.8/);
  });

  const encrypted = () =>
    String(
      createPrivateKey(of("rsa").privateKey).export({
        format: "pem",
        type: "pkcs8",
        cipher: "aes-256-cbc",
        passphrase: "x",
      }),
    );
  const ed448 = String(generateKeyPairSync("ed448").privateKey.export({ format: "pem", type: "pkcs8" }));

  const refused: [string, () => OwnPair, RegExp][] = [
    [
      "the key of another",
      () => read(of("rsa").certificate, of("leaf").privateKey),
      /key\.pem does not belong to the certificate in cert\.pem$/,
    ],
    [
      "the chain before the certificate",
      () => read(`${of("ca").certificate}\n${of("leaf").certificate}`, of("leaf").privateKey),
      /its own certificate must come first/,
    ],
    [
      "a chain of strangers",
      () => read(`${of("leaf").certificate}\n${of("rsa").certificate}`, of("leaf").privateKey),
      /certificate 2 in cert\.pem is not the issuer/,
    ],
    ["no certificate", () => read("garbage", of("rsa").privateKey), /cert\.pem has no certificate/],
    ["a key for a certificate", () => read(of("rsa").privateKey, of("rsa").privateKey), /has no certificate/],
    [
      "a damaged certificate",
      () =>
        read("-----BEGIN CERTIFICATE-----\nZ2FyYmFnZQ==\n-----END CERTIFICATE-----", of("rsa").privateKey),
      /cannot be read: the PEM is damaged/,
    ],
    ["no key", () => read(of("rsa").certificate, "garbage"), /key\.pem has no private key/],
    ["an encrypted key", () => read(of("rsa").certificate, encrypted()), /is encrypted.*openssl pkey/],
    [
      "an expired certificate",
      () => read(of("rsa").certificate, of("rsa").privateKey, new Date(Date.now() + 2 * day)),
      /cert\.pem expired on .*renew it/,
    ],
    [
      "one of tomorrow",
      () => read(of("rsa").certificate, of("rsa").privateKey, new Date(Date.now() - 2 * day)),
      /is not valid before/,
    ],
    ["a short RSA key", () => read(of("weak").certificate, of("weak").privateKey), /has 1024 bits/],
    ["P-521", () => read(of("p521").certificate, of("p521").privateKey), /type ec secp521r1.*Use RSA/],
    ["ed25519", () => read(of("ed25519").certificate, of("ed25519").privateKey), /type ed25519,.*Use RSA/],
    ["ed448", () => read(of("ed25519").certificate, ed448), /type ed448,.*Use RSA/],
  ];
  for (const [what, action, message] of refused) {
    test(`is refused: ${what}`, () => assert.throws(action, { message }));
  }
});
