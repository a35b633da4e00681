import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { suite, test } from "node:test";
import { leafKey, leafPem } from "../providers/http/chain";
import { caPem as certificate, companyCa } from "./certificates";
import { deployed, mistakesOf, parse } from "./right";

const { privateKey } = companyCa;
const ed25519 = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();
suite("one mistake about authentik on Docker, or about keys that belong together", () => {
  for (const [config, expected] of [
    [{ tlsCaCertificate: certificate }, /^\S*tlsCaKey is missing: tlsCaCertificate requires it/],
    [
      { tlsCaCertificate: leafPem + certificate, tlsCaKey: leafKey },
      /^tlsCaCertificate is the certificate "CN=127\.0\.0\.1", which is not allowed to sign others/,
    ],
    [{ tlsCaKey: privateKey }, /^tlsCaCertificate is missing: tlsCaKey requires it/],
    [
      { tlsCaCertificate: certificate, tlsCaKey: certificate },
      /tlsCaKey must be the PEM text of a private key, RSA or EC/,
    ],
    [
      { tlsCaCertificate: certificate, tlsCaKey: privateKey },
      /tlsCaKey does not belong to the first certificate in tlsCaCertificate/,
    ],
    [
      { tlsCaCertificate: certificate, tlsCaKey: privateKey.replace("MIGH", "MI!H") },
      /tlsCaKey cannot be used: it has no private key that can be read/,
    ],
    [
      { tlsCaCertificate: certificate, tlsCaKey: ed25519 },
      /tlsCaKey cannot be used: the private key in it is of type ed25519/,
    ],
    [{ tlsKeyPath: "key.pem" }, /^tlsCertificatePath is missing: tlsKeyPath and tlsKey require it/],
    [{ tlsCertificatePath: "cert.pem" }, /^tlsKeyPath is missing: .*or the secret tlsKey/],
    [
      {
        tlsCertificatePath: "c.pem",
        tlsKey: privateKey,
        tlsCaCertificate: companyCa.certificate,
        tlsCaKey: privateKey,
      },
      /^tlsCertificatePath cannot be combined with a CA/,
    ],
    [
      { testUsername: "jürgen", testPassword: "p4ssword" },
      /^testUsername cannot be "jürgen": this user could not log in to Proxmox, where a user must be .*ASCII/,
    ],
    [{ testUsername: "alice" }, /^\S*testPassword is missing: testUsername requires it/],
    [{ testPassword: "p4ssword" }, /^testUsername is missing: testPassword requires it/],
    [
      { redis: "false", authentikImage: "ghcr.io/goauthentik/server:2025.8.1" },
      /^redis is off, but authentik before the 2025\.10/,
    ],
    [{ redis: "false", authentikVersion: "2025.8.1" }, /^redis is off/],
    [{ trustedProxies: '["172.16.0.15"]' }, /^trustedProxies has "172\.16\.0\.15".*172\.16\.0\.15\/32/],
    [
      { authentikEnvironment: '{"AUTHENTIK_LISTEN__TRUSTED_PROXY_CIDRS":"127.0.0.0/8,172.16.0.15"}' },
      /^authentikEnvironment has AUTHENTIK_LISTEN__TRUSTED_PROXY_CIDRS, which has "172\.16\.0\.15".*172\.16\.0\.15\/32/,
    ],
    [
      { authentikEnvironment: '{"AUTHENTIK_LISTEN__TRUSTED_PROXY_CIDRS":"127.0.0.0/8,"}' },
      /has an empty entry, with which authentik does not start/,
    ],
    [
      { authentikImage: "registry.example.com/authentik:latest" },
      /^authentikVersion is missing: the tag of the image/,
    ],
    [{ deployAuthentik: "maybe" }, /^deployAuthentik must be true or false/],
    [{ httpPort: "8443", httpsPort: "8443" }, /^httpsPort is 8443, like httpPort/],
    [
      { httpBindAddress: "127.0.0.1", dockerHost: "ssh://root@docker" },
      /^authentikApiUrl is missing: httpBindAddress is 127\.0\.0\.1 on another machine\. Open the tunnel ssh -L/,
    ],
    [{ authentikSecretKey: "" }, /^authentikSecretKey is missing: npm run credentials generates it/],
    [{ authentikBootstrapPassword: "" }, /^authentikBootstrapPassword is missing: npm run credentials/],
    [{ postgresPassword: "" }, /^postgresPassword is missing: npm run credentials/],
    [{ authentikToken: "" }, /^\S*authentikToken is missing: npm run credentials/],
  ] as const) {
    test(JSON.stringify(config).slice(0, 80), () => {
      const mistakes = mistakesOf({ ...deployed, ...config });
      assert.equal(mistakes.length, 1, mistakes.join("\n"));
      assert.match(mistakes[0] ?? "", expected);
    });
  }

  test("the complete config is valid", () => {
    const config = {
      ...deployed,
      tlsCaCertificate: companyCa.certificate,
      tlsCaKey: privateKey,
      testUsername: "alice",
      testPassword: "p4ssword",
      redis: "false",
      authentikEnvironment: '{"AUTHENTIK_LOG_LEVEL":"debug","AUTHENTIK_WEB__WORKERS":1}',
    };
    assert.deepEqual(mistakesOf(config), []);
    assert.equal(parse(config).config.authentikEnvironment.AUTHENTIK_WEB__WORKERS, "1");
  });
});
