import assert from "node:assert/strict";
import { suite, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { existingAuthentik } from "../../../components/authentikServer";
import { AuthentikStack } from "../../../components/authentikStack";
import type { Resolution } from "../../../components/model/mistakes";
import { resolveSso } from "../../../components/model/sso";
import { inputsOfSso } from "../../../components/model/ssoOptions";
import {
  inputsOfExisting,
  inputsOfStack,
  readExistingArgs,
  readStackArgs,
} from "../../../components/model/stackOptions";
import { ProxmoxAuthentikSso, type ProxmoxAuthentikSsoArgs } from "../../../components/proxmoxAuthentikSso";
import { sample } from "../../tools/sample";
import { caPem, companyCa } from "../config/certificates";

type Options = Readonly<Record<string, unknown>>;

const proxmox = {
  product: "ve",
  apiUrl: "https://pve.example.com:8006",
  version: "9.2",
  addresses: ["https://pve.example.com:8006"],
  nodeAddress: "https://{node}.example.com:8006",
  caCertificate: caPem,
  fingerprint: "ab".repeat(32),
  tokenConfigKey: "proxmoxToken",
  login: { username: "root@pam", passwordConfigKey: "proxmoxPassword" },
};
const sso = {
  proxmox,
  realm: { name: "sso", usernameClaim: "username", default: true, autocreate: true, usersOnDelete: "keep" },
  application: { slug: "proxmox", name: "Proxmox" },
  oauth2: { authorizationFlow: "a" },
  certificate: { keySize: 2048 },
  clientId: "client-id-1",
  clientSecret: "client-secret-1",
  access: { admins: { "/": "Administrator", as: "a", members: ["alice"] } },
  roles: { Operator: ["VM.Audit"] },
  allowEveryone: false,
  exclusiveAccess: true,
  testUser: { username: "alice", passwordConfigKey: "testPassword" },
  adopt: false,
  production: false,
};
const stack = {
  url: "https://auth.example.com",
  tokenConfigKey: "authentikToken",
  secrets: {
    secretKey: "secret-1",
    databasePassword: "secret-2",
    redisPassword: "secret-3",
    bootstrapPassword: "secret-4",
    bootstrapToken: "secret-5",
  },
  tls: { caCertificate: companyCa.certificate, caKeyConfigKey: "tlsCaKey" },
  apiUrl: "http://127.0.0.1:9000",
  images: { authentik: "ghcr.io/goauthentik/server:2026.8.7", postgres: "postgres:16", redis: "redis:7" },
  version: "2026.8.7",
  redis: true,
  ipv6: true,
  bindAddress: "127.0.0.1",
  httpBindAddress: "127.0.0.1",
  httpPort: 80,
  httpsPort: 443,
  bootstrapEmail: "root@example.com",
  environment: { AUTHENTIK_LOG_LEVEL: "debug" },
  errorReporting: false,
  memoryMegabytes: 2048,
  cpus: "1.5",
  mounts: [{ source: "/x", target: "/templates", readOnly: true }],
  trustedProxies: ["10.0.0.0/8"],
  caCertificate: caPem,
  externalDatabase: { host: "db", port: 5432, user: "u", name: "n" },
  docker: {
    host: "unix:///var/run/docker.sock",
    certPath: "/c",
    sshOptions: ["-i"],
    subnets: { frontend: "10.210.0.0/24", backend: "10.210.1.0/24" },
    platform: "linux/amd64",
    pullImages: "x",
    registry: { address: "r.example.com", username: "u", password: "secret-6" },
  },
  prefix: "p",
  databaseVolume: "database",
  protectData: false,
  retainData: true,
  production: false,
};
const existing = {
  url: "https://auth.example.com",
  apiUrl: "https://auth2.example.com",
  caCertificate: caPem,
  fingerprint: "ab".repeat(32),
  tokenConfigKey: "authentikToken",
  version: "2026.8.7",
};

const all: [string, Options, (options: unknown) => Resolution<unknown>, RegExp][] = [
  ["ProxmoxAuthentikSso", sso, (options) => resolveSso("sso", options), inputsOfSso],
  ["AuthentikStack", stack, readStackArgs, inputsOfStack],
  ["existingAuthentik", existing, readExistingArgs, inputsOfExisting],
];

const values = [
  42,
  {},
  [undefined],
  NaN,
  "",
  " ",
  "some text",
  true,
  { x: 1 },
  [],
  null,
  () => 1,
  new Date(0),
];
const wrong = sample(values, (value) => values.indexOf(value) < 3);

/** Each option, with those inside of it. An entry of a list is a part of its list. */
function pathsIn(options: unknown, path: string[] = []): string[][] {
  if (typeof options !== "object" || options === null || Array.isArray(options)) return [];
  return Object.entries(options).flatMap(([key, value]) => [
    [...path, key],
    ...pathsIn(value, [...path, key]),
  ]);
}

function changed(options: unknown, [key = "", ...further]: string[], value: unknown): Options {
  const inner = Object(options)[key];
  return { ...Object(options), [key]: further.length > 0 ? changed(inner, further, value) : value };
}

for (const [name, right, resolve, inputs] of all) {
  suite(`the arguments of ${name}`, () => {
    test("are right", () => assert.deepEqual(resolve(right).mistakes, []));

    for (const path of pathsIn(right)) {
      const option = path.join(".");
      // The groups of \`access\` are one option.
      const about = option.startsWith("access.") ? "access" : option;

      test(`${option}: any value is accepted, or refused with its name and without it`, () => {
        for (const value of wrong) {
          for (const { path: at, message } of resolve(changed(right, path, value)).mistakes) {
            const related = [about, ...(relatedTo[option] ?? [])];
            assert.ok(
              related.some((one) => at.startsWith(one)),
              `${String(value)}: ${at} ${message}`,
            );
            assert.doesNotMatch(message, /Invalid|expected|received|undefined|\[object|client-secret-1/);
          }
        }
      });

      test(`${option}: an output is accepted where resources get it, otherwise refused`, () => {
        const given = path.reduce<unknown>((inner, step) => Object(inner)[step], right);
        for (const output of [pulumi.secret(given), Promise.resolve(given)]) {
          const { mistakes } = resolve(changed(right, path, output));
          if (inputs.test(option)) assert.deepEqual(mistakes, []);
          else {
            assert.deepEqual([...new Set(mistakes.map((mistake) => mistake.path))], [option]);
            assert.match(mistakes[0]?.message ?? "", /is an output, .* give the value itself/);
          }
        }
      });
    }

    test("an option left out by null is not set", () => {
      for (const path of pathsIn(right)) {
        const option = path.join(".");
        if (required.test(option)) continue;
        assert.deepEqual(resolve(changed(right, path, null)).mistakes, [], option);
      }
    });

    test("a misspelt one is refused", () => {
      const { mistakes } = resolve({ ...right, adresses: [] });
      assert.deepEqual(mistakes, [{ path: "adresses", message: "is not an option of this program" }]);
    });

    test("none at all are refused", () => {
      for (const nothing of [undefined, null, "text", pulumi.output({})]) {
        assert.ok(resolve(nothing).mistakes.length > 0);
      }
    });
  });
}

/** Options that a rule compares with another one. */
const relatedTo: Readonly<Record<string, readonly string[]>> = {
  allowEveryone: ["access"],
  production: ["allowEveryone", "authentik", "proxmox"],
  realm: ["access"],
  "docker.subnets.frontend": ["docker.subnets"],
  "docker.subnets.backend": ["docker.subnets"],
};

const required =
  /^(proxmox|proxmox\.(addresses|login\.username)|access\b.*|roles\..*|testUser\..*|url|secrets|secrets\.(secretKey|databasePassword)|tls\.ca.*|environment\..*|externalDatabase\.host|docker\.subnets\..*|docker\.registry\..*)$/;

suite("a message", () => {
  const refusal = (create: () => unknown) => {
    try {
      create();
      return "accepted";
    } catch (error) {
      assert.ok(error instanceof pulumi.RunError, String(error));
      return error.message;
    }
  };
  /** As in plain JavaScript. */
  const untyped = <Args>(args: unknown): Args => JSON.parse(JSON.stringify(args));

  test("names the component and the argument", async () => {
    await pulumi.runtime.setMocks({ newResource: () => ({ id: "1", state: {} }), call: () => ({}) });
    try {
      assert.equal(
        refusal(() => new AuthentikStack("auth", untyped({ ...stack, cpus: 1.5 }))),
        'This cannot work: AuthentikStack "auth"\n- `cpus` must be text',
      );
      assert.equal(
        refusal(() => existingAuthentik(untyped({}))),
        "This cannot work: existingAuthentik\n- `url` is missing: give authentik's address, e.g. https://auth.example.com",
      );
      assert.match(
        refusal(() => new ProxmoxAuthentikSso("pve", untyped(sso))),
        /^This cannot work: ProxmoxAuthentikSso "pve"\n- `authentik` must be an `AuthentikStack` or/,
      );
      const authentik = existingAuthentik({ url: existing.url });
      const listed = untyped<ProxmoxAuthentikSsoArgs>({ ...sso, proxmox: { addresses: "https://pve" } });
      assert.equal(
        refusal(() => new ProxmoxAuthentikSso("pve", { ...listed, authentik })),
        'This cannot work: ProxmoxAuthentikSso "pve"\n- `proxmox.addresses` must be a list',
      );
    } finally {
      await pulumi.runtime.disconnect();
    }
  });
});
