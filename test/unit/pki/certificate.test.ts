import assert from "node:assert/strict";
import { createPrivateKey, webcrypto, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { before, mock, suite, test } from "node:test";
import { connect, createServer } from "node:tls";
import "reflect-metadata";
import {
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  X509Certificate as ParsedCertificate,
} from "@peculiar/x509";
import {
  createCertificateAuthority,
  fingerprintOf,
  issueCertificate,
  type KeyPair,
  prepareKey,
  randomSerialNumber,
} from "../../../providers/pki/certificate";

const dayMilliseconds = 86_400_000;

const request = {
  commonName: "auth.example.com",
  subjectAltNames: ["auth.example.com", "192.0.2.7", "2001:db8::7"],
  validityDays: 30,
  keySize: 2048,
} as const;

function keyUsagesOf(pem: string) {
  return new ParsedCertificate(pem).getExtension(KeyUsagesExtension)?.usages;
}

function daysOf(certificate: X509Certificate): number {
  return (Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)) / dayMilliseconds;
}

suite("a certificate that signs itself", () => {
  let pair: KeyPair;
  let certificate: X509Certificate;

  before(async () => {
    pair = await issueCertificate({ ...request, serialNumber: "4a0b" });
    certificate = new X509Certificate(pair.certificate);
  });

  test("verifies with its own key, and matches the private key", () => {
    assert.ok(certificate.verify(certificate.publicKey));
    assert.ok(certificate.checkPrivateKey(createPrivateKey(pair.privateKey)));
  });

  test("contains all its names: DNS, IPv4 and IPv6", () => {
    assert.equal(certificate.subject, "CN=auth.example.com");
    assert.equal(certificate.checkHost("auth.example.com"), "auth.example.com");
    assert.equal(certificate.checkHost("other.example.com"), undefined);
    assert.ok(certificate.checkIP("192.0.2.7"));
    assert.ok(certificate.checkIP("2001:db8::7"));
  });

  test("has the given serial number", () => {
    assert.equal(certificate.serialNumber.toLowerCase(), "4a0b");
  });

  test("is valid from shortly before now, for the given time", () => {
    const start = Date.parse(certificate.validFrom);
    assert.ok(start < Date.now() - 60_000 && start > Date.now() - 3_600_000);
    assert.equal(daysOf(certificate), 30);
  });

  test("has its fingerprint in authentik's form", () => {
    assert.equal(fingerprintOf(certificate.raw), certificate.fingerprint256.toLowerCase());
  });

  test("has the given key size", () => {
    assert.equal(certificate.publicKey.asymmetricKeyDetails?.modulusLength, 2048);
  });

  test("may serve TLS and sign, and is not a CA", () => {
    assert.equal(certificate.ca, false);
    assert.equal(
      keyUsagesOf(pair.certificate),
      KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment,
    );
    const extended = new ParsedCertificate(pair.certificate).getExtension(ExtendedKeyUsageExtension);
    assert.deepEqual([...(extended?.usages ?? [])], [ExtendedKeyUsage.serverAuth]);
  });

  test("is PEM with plain line ends, which survive pasting into a shell", () => {
    assert.match(pair.certificate, /^-----BEGIN CERTIFICATE-----\n[^\r]+-----END CERTIFICATE-----\n$/);
    assert.match(pair.privateKey, /^-----BEGIN PRIVATE KEY-----\n[^\r]+-----END PRIVATE KEY-----\n$/);
  });
});

suite("a certificate of our CA", () => {
  let ca: KeyPair;
  let pair: KeyPair;

  before(async () => {
    ca = await createCertificateAuthority("our CA");
    pair = await issueCertificate({ ...request, subjectAltNames: ["localhost", "127.0.0.1"] }, ca);
  });

  test("is signed by it", () => {
    const authority = new X509Certificate(ca.certificate);
    const certificate = new X509Certificate(pair.certificate);
    assert.ok(certificate.checkIssued(authority));
    assert.ok(certificate.verify(authority.publicKey));
    assert.equal(keyUsagesOf(ca.certificate), KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign);
    assert.ok(authority.ca);
  });

  for (const host of ["localhost", "127.0.0.1"]) {
    test(`is trusted in a TLS connection to ${host} by clients that trust the CA`, async (context) => {
      const server = createServer({ cert: pair.certificate, key: pair.privateKey });
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      context.after(() => server.close());
      const address = server.address();
      assert.ok(typeof address === "object" && address !== null);
      const options = { host: "127.0.0.1", port: address.port, ca: ca.certificate };
      const socket = connect(host === "localhost" ? { ...options, servername: host } : options);
      await once(socket, "secureConnect");
      socket.destroy();
    });
  }
});

test("keys are generated natively, because JavaScript would block the process", async () => {
  const spy = mock.method(webcrypto.subtle, "generateKey");
  await issueCertificate({ ...request, keySize: 2048 });
  assert.equal(spy.mock.callCount(), 1);
});

test("serial numbers are random, positive and have 20 bytes, as RFC 5280 allows", () => {
  const serials = Array.from({ length: 200 }, randomSerialNumber);
  assert.equal(new Set(serials).size, serials.length);
  for (const serial of serials) {
    assert.match(serial, /^[4-7][0-9a-f]{39}$/);
  }
});

test("a prepared key is used for the next certificate only", async (context) => {
  const generate = context.mock.method(webcrypto.subtle, "generateKey");
  prepareKey(2048);
  const pairs = [await issueCertificate(request)];
  assert.equal(generate.mock.callCount(), 1);
  pairs.push(await issueCertificate(request));
  assert.equal(generate.mock.callCount(), 2);
  assert.notEqual(pairs[0]?.privateKey, pairs[1]?.privateKey);
});
