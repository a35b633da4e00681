import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { secretKeys } from "../../../config/schema";
import { caPem as certificate, companyCa, nodePem } from "./certificates";
import { deployed, existing, mistakesOf, parse } from "./right";

const { privateKey } = companyCa;
const { proxmoxToken } = existing;

test("the minimal configurations are valid", () => {
  assert.deepEqual(mistakesOf(existing), []);
  assert.deepEqual(mistakesOf(deployed), []);
});

test("empty values, as Pulumi.yaml gives them by default, are treated as unset", () => {
  const { config } = parse({ ...existing, realm: "", clientId: " ", authentikApiUrl: "", redis: "" });
  assert.equal(config.realm, undefined);
  assert.equal(config.clientId, undefined);
  assert.equal(config.redis, true);
});

suite("one mistake is one line with the key and the fix", () => {
  for (const [key, value, expected] of [
    ["authentikUrl", "", /is missing: set authentik's address, e\.g\. https:/],
    ["authentikUrl", "auth.example.com", /is not a URL. Write it with its scheme/],
    ["authentikUrl", "https://auth.example.com/path", /only scheme, host and port/],
    ["authentikApiUrl", "localhost:9000", /must start with https:/],
    ["authentikCaCertificate", "/etc/ssl/ca.pem", /must be the PEM text of a certificate/],
    ["authentikVersion", "2024.10.5", /is 2024\.10\.5, but authentik before 2024\.12 is not supported/],
    ["authentikVersion", "newest", /must be authentik's version, e\.g\. 2026\.8\.7/],
    ["proxmoxVersion", "6.4", /must be the version of Proxmox VE, 7\.0 or later/],
    ["signingValidityDays", "0", /must be a number of days/],
    ["signingRenewBeforeDays", "-1", /must be a number of days/],
    ["redis", "1", /must be true or false/],
    ["httpPort", "70000", /must be a port number/],
    ["httpsPort", "0", /must be a port number/],
    ["httpsPort", "https", /must be a port number/],
    ["memoryMegabytes", "100", /must be a number of MiB, from 512 to 16777216/],
    ["memoryMegabytes", "2g", /must be a number of MiB, from 512 to 16777216/],
    ["authentikEnvironment", "DEBUG=1", /must be names with texts; set one with: pulumi config set --path/],
    ["authentikEnvironment", '{"A":["x"]}', /must be names with texts/],
    ["trustedProxies", '["10.0.0.1"]', /has "10\.0\.0\.1".*a single address is 10\.0\.0\.1\/32/],
    ["trustedProxies", "[1]", /must be a list of networks, e\.g\. 10\.0\.0\.0\/8/],
    ["proxmoxAddresses", "", /is missing: list the addresses at which people open Proxmox/],
    ["proxmoxAddresses", "[]", /is missing: list the addresses at which people open Proxmox/],
    [
      "proxmoxAddresses",
      "https://pve:8006",
      /must be a list; set its entries with: pulumi config set --path/,
    ],
    ["proxmoxAddresses", "[8006]", /must be a list of addresses as text/],
    ["proxmoxAddresses", '["http://pve:8006"]', /only served over https/],
    ["proxmoxApiUrl", "http://pve:8006", /only served over https/],
    ["proxmoxCa", "pve-root-ca.pem", /must be the PEM text of a certificate/],
    [
      "proxmoxCa",
      nodePem,
      /is the certificate of "CN=pve1\.example\.com" itself, issued by "CN=Test CA", and not a CA: .*\/etc\/pve\/pve-root-ca\.pem/,
    ],
    ["proxmoxCa", certificate.replace("MIIB", "MI!B"), /cannot be read: its text is damaged or cut off/],
    ["authentikCaCertificate", nodePem.slice(0, 200), /cannot be read: its text is damaged or cut off/],
    [
      "proxmoxCa",
      `${certificate}\n${nodePem.slice(0, 200)}`,
      /cannot be read: its text is damaged or cut off/,
    ],
    ["proxmoxCa", `${certificate}\n${privateKey}`, /has a private key, which is a secret: set only/],
    ["authentikCaCertificate", `${privateKey}\n${certificate}`, /has a private key, which is a secret/],
    ["proxmoxUsername", "root", /must be name@realm/],
    ["authentikToken", "two words", /has a space or a character that no token has/],
    ["bindAddress", "fe80::1%eth0", /must be an IP address of the Docker host/],
    ["postgresPassword", "two\nlines", /must be one line/],
    ["authentikBootstrapEmail", "root", /must be an e-mail address/],
    ["authentikImage", "ghcr.io/Goauthentik/server:2026.8.7", /must be an image .* in lower case/],
    ["authentikImage", "-x/server:2026.8.7", /must be an image by tag or digest/],
    ["postgresHost", "..", /must be a host name or IP address alone/],
    ["registryAddress", "registry.example.com:99999", /must be the registry's host name/],
    ["platform", "windows/amd64", /the images exist for Linux only/],
    [
      "mounts",
      '[{"source":"/a","target":"/b/../data"}]',
      /has the target \/data, .* in \/data: mount another/,
    ],
    ["mounts", '[{"source":"/a","target":"/run"}]', /has the target \/run, .* in \/run\/secrets/],
    [
      "mounts",
      '[{"source":"/a","target":"/b"},{"source":"/a","target":"//b/."}]',
      /has the target \/b twice/,
    ],
    ["realm", "x".repeat(33), /must have at most 32 characters/],
    ["clientId", "x".repeat(256), /must have at most 255 characters/],
    ["authentikUrl", "https://auth..example.com", /has a host name or port that cannot exist/],
    ["authentikUrl", "https://*.example.com", /has a host name or port that cannot exist/],
    ["proxmoxApiUrl", "https://-pve.example.com:8006", /has a host name or port that cannot exist/],
    ["proxmoxAddresses", '["https://pve.example.com:0"]', /has a host name or port that cannot exist/],
    ["cpus", "0.001", /must be a number of CPUs/],
    ["memoryMegabytes", "1e15", /must be a number of MiB/],
    ["databaseVolume", "data", /is the name of another volume of the stack/],
    ["authentikEnvironment", '{"A=B":"x"}', /must be names with texts/],
    [
      "mounts",
      '[{"source":"../certs","target":"/certs"}]',
      /must be a list of \{source: host path or volume/,
    ],
    ["mounts", '[{"source":"/certs","target":"certs"}]', /must be a list of \{source/],
    [
      "mounts",
      '[{"source":"/a","target":"/data"}]',
      /has the target \/data, which would hide the stack's own files/,
    ],
    [
      "mounts",
      '[{"source":"/a","target":"/certs"},{"source":"/b","target":"/certs"}]',
      /has the target \/certs twice/,
    ],
    ["dockerSubnets", "10.210.0.0/24", /must be a subnet for each network/],
    ["dockerSubnets", '{"front":"10.210.0.0/24"}', /is not a configuration key of this program/],
    ["dockerSubnets", '{"frontend":"10.210.0.0"}', /has "10\.210\.0\.0", which is not a subnet of IPv4/],
    ["dockerSubnets", '{"frontend":"fd00::/64"}', /not a subnet of IPv4/],
    ["dockerSubnets", '{"frontend":"10.210.0.5/24"}', /the subnet begins at 10\.210\.0\.0\/24/],
    ["dockerSubnets", '{"frontend":"10.210.0.0/30"}', /give a length from 8 to 29/],
    ["dockerSubnets", '{"backend":"224.0.0.0/24"}', /which is not a range for machines/],
    [
      "dockerSubnets",
      '{"frontend":"10.210.0.0/16","backend":"10.210.7.0/24"}',
      /has 10\.210\.0\.0\/16 and 10\.210\.7\.0\/24, which overlap/,
    ],
    [
      "authentikUrl",
      "https://example.com/auth",
      /authentik below a path \(AUTHENTIK_WEB__PATH\) is not supported/,
    ],
    [
      "authentikEnvironment",
      '{"AUTHENTIK_WEB__PATH":"/auth/"}',
      /has AUTHENTIK_WEB__PATH, but authentik below a path is not/,
    ],
    ["redisPassword", "too-short", /must have at least 20 characters/],
    ["bindAddress", "[::]", /must be an IP address of the Docker host, without brackets/],
    ["bindAddress", "127.0.0.1:8080", /must be an IP address of the Docker host, without brackets or a port/],
    [
      "postgresHost",
      "db.example.com:5432",
      /must be a host name or IP address alone.*its port is postgresPort/,
    ],
    ["registryAddress", "https://registry.example.com", /must be the registry's host name.* without https/],
    ["authentikImage", "https://ghcr.io/goauthentik/server:2026.5.0", /must be an image by tag or digest/],
    ["platform", "arm64 linux", /must be a system and its architecture/],
    ["proxmoxToken", "11111111-2222", /must have the form "user@realm!name=secret"/],
    ["proxmoxToken", "PVEAPIToken=a@pve!b=c d", /must have the form/],
    ["proxmoxToken", "alice!sso=11111111", /must have the form/],
    ["proxmoxToken", "", /is missing: create an API token on Proxmox/],
    ["clientId", "proxmox sso", /Proxmox encodes all others, authentik does not decode them/],
    ["clientSecret", "with+plus/and=equals", /Proxmox encodes all others/],
    ["authentikToken", "", /is missing: create an API token in authentik/],
    ["realm", "1st", /must start with a letter/],
    ["realm", "pve", /is taken by Proxmox itself/],
    ["applicationSlug", "my app", /may have only letters, digits/],
    ["usernameClaim", "sub", /cannot be "sub": authentik's subject is too long.*Use username/],
    ["usernameClaim", "employee", /cannot be "employee": no scope mapping of authentik .*Use username/],
    ["signingKeySize", "1024", /must be 2048, 3072 or 4096/],
  ] as const) {
    test(`${key}: ${value || "(empty)"}`, () => {
      const mistakes = mistakesOf({ ...existing, [key]: value });
      assert.equal(mistakes.length, 1, mistakes.join("\n"));
      assert.match(mistakes[0] ?? "", new RegExp(`^(pulumi-nodejs:)?${key} `));
      assert.match(mistakes[0] ?? "", expected);
    });
  }
});

suite("identifiers of Proxmox are split as Proxmox does: the last @ separates the realm", () => {
  const right: Record<string, string>[] = [
    { proxmoxToken: "alice@example.com@authentik!sso=11111111-2222-3333-4444-555555555555" },
    { proxmoxUsername: "alice@example.com@ad", proxmoxPassword: "p4ssword" },
    { proxmoxUsername: "root@pam", proxmoxPassword: "p4ssword" },
  ];
  for (const config of right) {
    test(Object.values(config)[0] ?? "", () => assert.deepEqual(mistakesOf({ ...existing, ...config }), []));
  }
});

suite("an address is used as written", () => {
  for (const [proxmoxApiUrl, expected] of [
    ["https://gw.example.com/pve", "https://gw.example.com/pve"],
    ["https://GW.example.com:443/pve/", "https://gw.example.com/pve"],
    ["https://gw.example.com/pve/api2/json/", "https://gw.example.com/pve"],
    ["https://pve1.example.com:8006/", "https://pve1.example.com:8006"],
    ["https://pve1.example.com:8006/api2/json", "https://pve1.example.com:8006"],
    ["https://pve1.example.com:8006/api2/extjs/", "https://pve1.example.com:8006"],
    ["https://[2001:DB8::0001]:8006/", "https://[2001:db8::1]:8006"],
    ["https://Büro.example.com:8006", "https://xn--bro-hoa.example.com:8006"],
  ] as const) {
    test(proxmoxApiUrl, () => {
      assert.equal(parse({ ...existing, proxmoxApiUrl }).clusters[0]?.connection.url, expected);
    });
  }
});

suite("all mistakes are reported at once", () => {
  test("wrong values, unknown keys, plain secrets and missing keys together", () => {
    const mistakes = mistakesOf(
      { httpPort: "x", reddis: "true", proxmoxToken: "bad", clientSecret: "12345678", realm: "pam" },
      { isEncrypted: (key) => key !== "clientSecret" },
    );
    for (const key of [
      "httpPort",
      "reddis",
      "proxmoxToken",
      "clientSecret",
      "realm",
      "authentikUrl",
      "authentikToken",
      "authentikSecretKey",
      "authentikBootstrapPassword",
      "postgresPassword",
      "proxmoxAddresses",
      "access",
    ]) {
      const lines = mistakes.filter((line) => new RegExp(`^(pulumi-nodejs:)?${key} `).test(line));
      assert.equal(lines.length, 1, `${key}:\n${mistakes.join("\n")}`);
    }
    assert.equal(mistakes.length, 12);
  });

  test("each wrong address of a list separately", () => {
    const proxmoxAddresses = '["http://a:8006","https://b:8006","c"]';
    const mistakes = mistakesOf({ ...existing, proxmoxAddresses });
    assert.deepEqual(
      mistakes.map((line) => line.split(" ").slice(0, 2).join(" ")),
      ['proxmoxAddresses "http://a:8006":', 'proxmoxAddresses "c"'],
    );
  });

  test("without the value of a secret", () => {
    const mistakes = mistakesOf(
      { ...existing, proxmoxToken: "s3cret-in-the-wrong-form" },
      { isEncrypted: () => false },
    );
    assert.equal(mistakes.length, 3);
    assert.ok(!mistakes.join("\n").includes("s3cret"));
  });
});

suite("a secret in plain text is refused", () => {
  for (const key of secretKeys) {
    test(key, () => {
      const value =
        { tlsCaKey: privateKey, tlsKey: privateKey, signingKey: privateKey, proxmoxToken }[String(key)] ??
        "a-value";
      const mistakes = mistakesOf({ ...deployed, [key]: value }, { isEncrypted: (name) => name !== key });
      assert.match(mistakes[0] ?? "", new RegExp(`${key} is in plain text: set it again with --secret`));
    });
  }
});
