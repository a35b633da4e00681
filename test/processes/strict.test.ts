import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { createServer, type Server } from "node:tls";
import { promisify } from "node:util";
import { createCertificateAuthority, issueCertificate, type KeyPair } from "../../providers/pki/certificate";
import { namesRefusedBy } from "../../providers/pki/nameConstraints";

const run = promisify(execFile);

/** The default context of Python 3.13 and later, for older versions too. */
const pythonClient = `
import socket, ssl, sys
context = ssl.create_default_context(cafile=sys.argv[1])
context.verify_flags |= ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN
with socket.create_connection(("127.0.0.1", int(sys.argv[2]))) as plain:
    with context.wrap_socket(plain, server_hostname=sys.argv[3]):
        print("trusted")
`;

const hosts = ["auth.example.com", "localhost", "192.0.2.7", "2001:db8::7"];

for (const host of hosts) {
  suite(`a CA for ${host}, with strict clients`, () => {
    const folder = mkdtempSync(join(tmpdir(), "strict-"));
    const caFile = join(folder, "ca.pem");
    let ca: KeyPair;

    before(async () => {
      ca = await createCertificateAuthority(`authentik CA for ${host}`, host);
      writeFileSync(caFile, ca.certificate);
    });
    after(() => rmSync(folder, { recursive: true }));

    async function issued(name: string): Promise<KeyPair> {
      const commonName = isIP(name) ? "authentik" : name;
      return issueCertificate({ commonName, subjectAltNames: [name], validityDays: 30, keySize: 2048 }, ca);
    }

    async function byOpenssl({ certificate }: KeyPair, name: string): Promise<string> {
      const file = join(folder, "certificate.pem");
      writeFileSync(file, certificate);
      const verify = ["verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", caFile];
      const told = await run("openssl", [
        ...verify,
        isIP(name) ? "-verify_ip" : "-verify_hostname",
        name,
        file,
      ]).catch((error) => error);
      return `${told.stdout}${told.stderr}`;
    }

    async function byPython(pair: KeyPair, name: string): Promise<string> {
      const server: Server = createServer({ cert: pair.certificate, key: pair.privateKey });
      server.on("tlsClientError", () => {});
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      const address = server.address();
      assert.ok(typeof address === "object" && address !== null);
      const told = await run("python3", ["-c", pythonClient, caFile, String(address.port), name]).catch(
        (error) => error,
      );
      server.close();
      return `${told.stdout}${told.stderr}`;
    }

    test("signs a certificate for that host, which is accepted", async () => {
      const pair = await issued(host);
      assert.match(await byOpenssl(pair, host), /: OK\n/);
      assert.match(await byPython(pair, host), /^trusted/);
      assert.deepEqual(await namesRefusedBy(ca.certificate, [host]), []);
    });

    const others = ["example.org", "192.0.2.8", "2001:db8::8"];
    for (const other of others) {
      test(`signs a certificate for ${other}, which is refused`, async () => {
        const pair = await issued(other);
        assert.match(await byOpenssl(pair, other), /permitted subtree violation|excluded subtree violation/);
        assert.match(await byPython(pair, other), /permitted subtree violation|excluded subtree violation/);
        assert.deepEqual(await namesRefusedBy(ca.certificate, [host, other]), [other]);
      });
    }
  });
}

test("a CA without constraints, like an earlier one, restricts no name", async () => {
  const { certificate } = await createCertificateAuthority("of before");
  assert.deepEqual(await namesRefusedBy(certificate, hosts), []);
});

test("a CA allows names below the host's name, and no name that only ends like it", async () => {
  const { certificate } = await createCertificateAuthority("ours", "example.com");
  assert.deepEqual(await namesRefusedBy(certificate, ["a.example.com", "badexample.com"]), [
    "badexample.com",
  ]);
});

for (const curve of ["prime256v1", "secp384r1"]) {
  test(`a company's CA with a key on ${curve}, below its root, signs certificates that strict clients accept by the root`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "company-ca-"));
    const at = (file: string) => join(folder, file);
    try {
      await companyCa(at, curve);
      const issuer = {
        certificate: `${readFileSync(at("intermediate.pem"))}${readFileSync(at("root.pem"))}`,
        privateKey: readFileSync(at("intermediate.key"), "utf8"),
      };
      const name = "auth.example.com";
      const request = { commonName: name, subjectAltNames: [name], validityDays: 30, keySize: 2048 } as const;
      const { certificate, privateKey } = await issueCertificate(request, issuer);
      writeFileSync(at("served.pem"), certificate);
      assert.equal(certificate.match(/BEGIN CERTIFICATE/g)?.length, 2, "its own and the intermediate");
      assert.ok(new X509Certificate(certificate).checkPrivateKey(createPrivateKey(privateKey)));
      const verify = ["verify", "-x509_strict", "-purpose", "sslserver", "-verify_hostname", name];
      const given = ["-CAfile", at("root.pem"), "-untrusted", at("served.pem"), at("served.pem")];
      assert.match((await run("openssl", [...verify, ...given])).stdout, /: OK\n/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

/** A root and an intermediate CA, as step-ca creates them. */
async function companyCa(at: (file: string) => string, curve: string): Promise<void> {
  const key = (name: string) =>
    run("openssl", [
      "genpkey",
      "-algorithm",
      "EC",
      "-pkeyopt",
      `ec_paramgen_curve:${curve}`,
      "-out",
      at(name),
    ]);
  const usage = "keyUsage = critical, keyCertSign, cRLSign\nbasicConstraints = critical, CA:true";
  writeFileSync(
    at("config"),
    `[req]\ndistinguished_name = name\nprompt = no\n[name]\nO = Example\nCN = Example CA\n[ca]\n${usage}\nsubjectKeyIdentifier = hash\n[below]\n${usage}, pathlen:0\nsubjectKeyIdentifier = hash\nauthorityKeyIdentifier = keyid\n`,
  );
  await key("root.key");
  await key("intermediate.key");
  const config = ["-config", at("config")];
  await run("openssl", [
    ...["req", "-x509", ...config, "-extensions", "ca", "-key", at("root.key"), "-out", at("root.pem")],
    ...["-subj", "/O=Example/CN=Example Root CA"],
  ]);
  await run("openssl", ["req", "-new", ...config, "-key", at("intermediate.key"), "-out", at("request")]);
  await run("openssl", [
    ...["x509", "-req", "-in", at("request"), "-CA", at("root.pem"), "-CAkey", at("root.key")],
    ...["-set_serial", "2", "-extfile", at("config"), "-extensions", "below", "-out", at("intermediate.pem")],
  ]);
}
