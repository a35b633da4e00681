import assert from "node:assert/strict";
import { before, suite, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { existingAuthentik } from "../../../components/authentikServer";
import { AuthentikStack } from "../../../components/authentikStack";
import type { AuthentikStackArgs } from "../../../components/authentikStackArgs";
import { unfitAuthentik, unfitData, unfitSso } from "../../../components/model/production";
import { ProxmoxAuthentikSso, type ProxmoxAuthentikSsoArgs } from "../../../components/proxmoxAuthentikSso";
import { deployed, existing, mistakesOf } from "../config/right";

const origin = "https://auth.example.com";
const pve = "https://pve.example.com:8006";
const strict = { matchingMode: "strict" as const, url: "https://pve.example.com:8006/bye" };

interface Facts {
  addresses?: string[];
  allowEveryone?: boolean;
  postLogoutRedirectUris?: { matchingMode?: "strict" | "regex"; url: string }[];
}

suite("settings that only a lab should have", () => {
  const authentik: [what: string, origin: string, apiUrl: string, expected: RegExp[]][] = [
    ["nothing", origin, origin, []],
    ["nothing: the API on this machine's Docker", origin, "http://127.0.0.1:9000", []],
    [
      "authentik without TLS",
      "http://auth.example.com",
      "http://auth.example.com",
      [/without TLS: .*passwords/],
    ],
    ["localhost", "https://localhost:9443", "http://127.0.0.1:9000", [/only this machine can open/]],
    ["an IPv6 loopback", "https://[::1]", "https://[::1]", [/only this machine can open/]],
    [
      "the API over the network without TLS",
      origin,
      "http://auth.example.com:9000",
      [/token would cross the network/],
    ],
  ];
  for (const [what, people, apiUrl, expected] of authentik) {
    test(`authentik: ${what}`, () => match(unfitAuthentik({ origin: people, apiUrl }), expected));
  }

  const logins: [what: string, facts: Facts, expected: RegExp[]][] = [
    ["nothing", { postLogoutRedirectUris: [strict] }, []],
    ["everybody", { allowEveryone: true }, [/is true: declare in `access`/]],
    [
      "a wildcard",
      { addresses: [pve, "https://*.example.com:8006"] },
      [/has the wildcard https:\/\/\*\.example/],
    ],
    [
      "localhost",
      { addresses: ["https://localhost:8006", pve] },
      [/has https:\/\/localhost:8006, which only this/],
    ],
    [
      "a pattern",
      { postLogoutRedirectUris: [strict, { matchingMode: "regex", url: ".+" }] },
      [/is a pattern/],
    ],
    [
      "a wildcard for logouts",
      { postLogoutRedirectUris: [{ url: "https://*.example.com" }] },
      [/is a pattern/],
    ],
  ];
  for (const [what, facts, expected] of logins) {
    test(`login: ${what}`, () => match(unfitSso(factsOf(facts)), expected));
  }

  test("data: a database volume that is not protected, unless the database is external", () => {
    match(unfitData({ protectData: true, isExternal: false }), []);
    match(unfitData({ protectData: false, isExternal: true }), []);
    match(unfitData({ protectData: false, isExternal: false }), [/protect the database volume/]);
  });
});

function factsOf({ addresses = [pve], allowEveryone = false, postLogoutRedirectUris = [] }: Facts) {
  return {
    addresses,
    allowEveryone,
    options: { proxmox: { addresses }, oauth2: { postLogoutRedirectUris } },
  };
}

suite("the components refuse them, by the names of their arguments", () => {
  before(async () => {
    await pulumi.runtime.setMocks(
      {
        newResource: ({ name, inputs }) => ({ id: name, state: inputs }),
        call: () => ({}),
      },
      "sso",
      "prod",
      true,
    );
  });
  const secrets = { secretKey: "k", databasePassword: "p", bootstrapPassword: "b", bootstrapToken: "t" };

  type VolumeOptions = Record<string, pulumi.CustomResourceOptions>;

  /** @param volumes receives the options of each volume by its name */
  function stack(args: Partial<AuthentikStackArgs>, volumes: VolumeOptions = {}) {
    const look: pulumi.ResourceTransformation = ({ type, name, opts }) => {
      if (type.endsWith(":Volume")) volumes[name] = opts;
      return undefined;
    };
    return () =>
      new AuthentikStack(
        "authentik",
        { url: origin, secrets, production: true, docker: { host: "tcp://127.0.0.1:1" }, ...args },
        { transformations: [look] },
      );
  }
  function sso(args: Partial<ProxmoxAuthentikSsoArgs>, url = origin) {
    const authentik = existingAuthentik({ url });
    const right = { proxmox: { addresses: [pve] }, access: { admins: { "/": "Administrator" } } };
    return () => new ProxmoxAuthentikSso("sso", { authentik, production: true, ...right, ...args });
  }

  test("all at once", () => {
    assert.throws(
      sso(
        { allowEveryone: true, proxmox: { addresses: ["https://localhost:8006"] } },
        "http://auth.example.com",
      ),
      /^Error: This cannot work: ProxmoxAuthentikSso "sso"\n- `authentik\.url` is .*\(for production\)\n- `allowEveryone` is true.*\n- `proxmox\.addresses` has .*$/,
    );
    assert.throws(
      stack({ url: "http://localhost", protectData: false }),
      /- `url` is .*\n- `url` is .*\n- `protectData` is false/,
    );
  });

  test("but accept valid settings, with the database volume protected and kept", async () => {
    const volumes: VolumeOptions = {};
    // A Docker host where nothing exists, and an API on this machine.
    const made = stack({ docker: { host: "tcp://127.0.0.1:1" }, apiUrl: "http://127.0.0.1:9000" }, volumes)();
    assert.equal(made.deletedWith, undefined, "what is in a database that stays has to be deleted there");
    await pulumi.runtime.disconnect();
    assert.equal(volumes.database?.protect, true);
    assert.equal(volumes.database?.retainOnDelete, true);
    assert.equal(volumes["authentik-data"]?.retainOnDelete, true);
    assert.ok(!volumes["redis-data"]?.retainOnDelete);
  });

  test("and accept a lab, whose data are deleted with it", async () => {
    const volumes: VolumeOptions = {};
    const made = stack({ production: false, url: "https://localhost:9443" }, volumes)();
    assert.equal(volumes.database?.retainOnDelete, false);
    assert.ok(made.deletedWith);
    sso({})();
    sso({ production: false, allowEveryone: true }, "http://localhost")();
    await pulumi.runtime.disconnect();
  });
});

suite("the configuration names the keys of", () => {
  const production = { production: "true", allowEveryone: "", access: '{"a":{"/":"Administrator"}}' };

  test("all of them at once, for each cluster", () => {
    const clusters = { berlin: { addresses: ["https://localhost:8006"], allowEveryone: true } };
    const mistakes = mistakesOf(
      {
        ...existing,
        ...production,
        authentikUrl: "http://auth.example.com",
        clusters: JSON.stringify(clusters),
      },
      { credentials: ["proxmoxToken-berlin"] },
    );
    assert.deepEqual(
      mistakes.map((line) => line.split(" ")[0]),
      ["authentikUrl", "clusters.berlin.allowEveryone", "clusters.berlin.addresses"],
    );
  });

  test("the API of authentik on another Docker host", () => {
    const [mistake] = mistakesOf({ ...deployed, ...production, dockerHost: "ssh://root@docker" });
    assert.match(
      `${mistake}`,
      /^authentikApiUrl is http:\/\/auth\.example\.com:80: the API token would cross/,
    );
  });

  test("authentik's http port at all addresses, next to its https port", () => {
    const tls = { tlsCertificatePath: "cert.pem", tlsKeyPath: "key.pem", httpBindAddress: "0.0.0.0" };
    const [mistake, ...others] = mistakesOf({ ...deployed, ...production, ...tls });
    assert.match(`${mistake}`, /^httpBindAddress is 0\.0\.0\.0: other machines reach authentik without TLS/);
    assert.deepEqual(others, []);
    const behindProxy = { httpBindAddress: "10.0.0.5", authentikApiUrl: "https://auth.example.com" };
    assert.deepEqual(mistakesOf({ ...deployed, ...production, ...behindProxy }), []);
  });

  test("none in a valid config, or in a lab", () => {
    assert.deepEqual(mistakesOf({ ...existing, ...production }), []);
    assert.deepEqual(mistakesOf({ ...deployed, ...production }), []);
    assert.deepEqual(mistakesOf({ ...existing, authentikUrl: "http://localhost:9000" }), []);
  });
});

function match(unfit: readonly { message: string }[], expected: readonly RegExp[]): void {
  assert.equal(unfit.length, expected.length, JSON.stringify(unfit));
  for (const [index, pattern] of expected.entries()) assert.match(unfit[index]?.message ?? "", pattern);
}
