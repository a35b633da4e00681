import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { existing, mistakesOf, parse } from "./right";

const access = JSON.stringify({ "pve-admins": { "/": "Administrator" } });
const { allowEveryone: _, ...closed } = existing;
const two = (changes: object = {}): Record<string, string> => ({
  ...closed,
  access,
  clusters: JSON.stringify({
    berlin: { addresses: ["https://b1.example.com:8006"], ...changes },
    munich: {
      addresses: ["https://m1.example.com:8006"],
      realm: "sso",
      access: { ops: { "/vms": "PVEVMAdmin" } },
    },
  }),
});
const credentials = ["proxmoxToken", "proxmoxToken-berlin", "proxmoxToken-munich"];

suite("several clusters", () => {
  test("are the one from the top-level keys and the others, each with its own slug", () => {
    const { clusters } = parse(two(), { credentials });
    assert.deepEqual(
      clusters.map(({ name, slug, realm, connection }) => [name, slug, realm, connection.tokenConfigKey]),
      [
        ["sso", "proxmox", "authentik", "proxmoxToken"],
        ["berlin", "proxmox-berlin", "authentik", "proxmoxToken-berlin"],
        ["munich", "proxmox-munich", "sso", "proxmoxToken-munich"],
      ],
    );
  });

  test("use the top-level keys as defaults", () => {
    const {
      clusters: [, berlin, munich],
    } = parse(two(), { credentials });
    assert.deepEqual(berlin?.options.access, { "pve-admins": { "/": "Administrator" } });
    assert.deepEqual(munich?.options.access, { ops: { "/vms": "PVEVMAdmin" } });
    const open = { ...two({ exclusiveAccess: true }), exclusiveAccess: "false" };
    assert.deepEqual(
      parse(open, { credentials }).clusters.map(({ exclusiveAccess }) => exclusiveAccess),
      [false, true, false],
    );
    assert.equal(berlin?.exclusiveAccess, true);
  });

  test("can be the only ones, without the top-level keys", () => {
    const { proxmoxAddresses: _, proxmoxToken: __, ...others } = two();
    const { clusters } = parse(others, { credentials: credentials.slice(1) });
    assert.deepEqual(
      clusters.map(({ name }) => name),
      ["berlin", "munich"],
    );
  });

  for (const [what, changes, expected] of [
    [
      "an unknown option",
      { adresses: [] },
      /^clusters\.berlin\.adresses is not a configuration key of this program/,
    ],
    ["no addresses", { addresses: [] }, /^clusters\.berlin\.addresses is missing/],
    [
      "an address by http",
      { addresses: ["http://b:8006"] },
      /^clusters\.berlin\.addresses .*only served over https/,
    ],
    ["a reserved realm", { realm: "pve" }, /^clusters\.berlin\.realm is taken by Proxmox itself/],
    ["a mistake in its access", { access: { a: { vms: "x" } } }, /^clusters\.berlin\.access "a" has "vms"/],
    ["access for nobody", { access: {} }, /^clusters\.berlin\.access is empty/],
    [
      "another one's slug",
      { applicationSlug: "proxmox" },
      /^clusters\.berlin\.applicationSlug is "proxmox", like another/,
    ],
    [
      "a user without password",
      { username: "root@pam" },
      /^pulumi-nodejs:proxmoxPassword-berlin is missing: clusters\.berlin\.username requires it/,
    ],
  ] as const) {
    test(`refused: ${what}`, () => {
      const mistakes = mistakesOf(two(changes), { credentials });
      assert.equal(mistakes.length, 1, mistakes.join("\n"));
      assert.match(mistakes[0] ?? "", expected);
    });
  }

  for (const [token, expected] of [
    ["11111111-2222-3333-4444-555555555555", /^pulumi-nodejs:proxmoxToken-berlin must have the form/],
    [
      "root@pam!berlin:11111111-2222",
      /^pulumi-nodejs:proxmoxToken-berlin must have the form "user@realm!name=secret"\. It has the form of Proxmox Backup Server and Datacenter Manager: check `clusters\.berlin\.product`$/,
    ],
    [" ", /^pulumi-nodejs:proxmoxToken-berlin is missing/],
  ] as const) {
    test(`refused: the token ${token.trim() || "(blank)"}`, () => {
      const mistakes = mistakesOf(two(), { credentials, values: { "proxmoxToken-berlin": token } });
      assert.equal(mistakes.length, 1, mistakes.join("\n"));
      assert.match(mistakes[0] ?? "", expected);
    });
  }

  test("each need their own token, encrypted", () => {
    const [missing] = mistakesOf(two(), { credentials: credentials.slice(0, 2) });
    assert.match(
      missing ?? "",
      /^pulumi-nodejs:proxmoxToken-munich is missing: create an API token on Proxmox/,
    );
    const [plain] = mistakesOf(two(), { credentials, isEncrypted: (key) => key !== "proxmoxToken-berlin" });
    assert.match(plain ?? "", /^pulumi-nodejs:proxmoxToken-berlin is in plain text/);
    const [exposed] = mistakesOf(two({ clientSecret: "known-to-others" }), {
      credentials,
      isEncrypted: (key) => key !== "clusters",
    });
    assert.match(exposed ?? "", /^clusters\.berlin\.clientSecret is in plain text/);
    const {
      clusters: [, berlin],
    } = parse(two({ clientSecret: "s3cret" }), { credentials });
    assert.equal(berlin?.options.clientSecret, "s3cret");
  });
});

suite("the settings that each Proxmox needs for itself are checked at preview", () => {
  for (const [what, changes, expected] of [
    [
      "an application's name",
      { applicationName: "Proxmox VE" },
      /^clusters\.berlin\.applicationName is "Proxmox VE"/,
    ],
    [
      "an address with the final dot of an absolute name",
      { addresses: ["https://pve.example.com.:8006"] },
      /^clusters\.berlin\.addresses is "https:\/\/pve\.example\.com:8006", like another cluster's/,
    ],
    [
      "an address",
      { addresses: ["https://b1.example.com:8006", "https://PVE.example.com:8006/"] },
      /^clusters\.berlin\.addresses is "https:\/\/pve\.example\.com:8006", like another cluster's: list each Proxmox.* once/,
    ],
    [
      "the address of its API",
      { apiUrl: "https://pve.example.com:8006" },
      /^clusters\.berlin\.addresses is "https:\/\/pve\.example\.com:8006"/,
    ],
  ] as const) {
    test(what, () => {
      const mistakes = mistakesOf(two(changes), { credentials });
      assert.equal(mistakes.length, 1, mistakes.join("\n"));
      assert.match(mistakes[0] ?? "", expected);
    });
  }

  for (const [option, key] of [
    [{ clientId: "proxmox-sso" }, "clientId"],
    [{ certificate: { name: "signing" } }, "certificate.name"],
  ] as const) {
    test(`the ${key}`, () => {
      const clusters = JSON.stringify({
        berlin: { addresses: ["https://b1.example.com:8006"], ...option },
        munich: { addresses: ["https://m1.example.com:8006"], ...option },
      });
      const [mistake, ...others] = mistakesOf({ ...two(), clusters }, { credentials });
      assert.match(mistake ?? "", new RegExp(`^clusters\\.munich\\.${key} is ".*", like another cluster's`));
      assert.deepEqual(others, []);
    });
  }

  test("its own name", () => {
    const clusters = JSON.stringify({ sso: { addresses: ["https://b1.example.com:8006"] } });
    assert.deepEqual(mistakesOf({ ...two(), clusters }, { credentials: ["proxmoxToken-sso"] }), [
      "clusters.sso has the name of the default cluster, which the top-level keys describe: choose another name",
    ]);
  });
});

test("an entry of `clusters` can use the former name of `oauth2`, next to options from the top level", () => {
  const entry = (provider: object) => ({ ...two({ provider }), authorizationFlow: "own-flow" });
  const [, berlin] = parse(entry({ accessTokenValidity: "minutes=5" }), { credentials }).clusters;
  assert.deepEqual(berlin?.options.oauth2, {
    accessTokenValidity: "minutes=5",
    authorizationFlow: "own-flow",
  });
  const [mistake] = mistakesOf(entry({ issuerMode: "global" }), { credentials });
  assert.match(mistake ?? "", /^clusters\.berlin\.provider\.issuerMode is "global"/);
});

test("an entry of `clusters` can use the component's names for options", () => {
  const { clusters } = parse(
    two({
      proxmox: { nodeAddress: "https://{node}.example.com:8006" },
      realm: { name: "corp", acrValues: "mfa" },
      oauth2: { accessTokenValidity: "minutes=5" },
    }),
    { credentials },
  );
  const [, berlin] = clusters;
  assert.equal(berlin?.realm, "corp");
  assert.equal(berlin?.options.realm?.acrValues, "mfa");
  assert.equal(berlin?.options.realm?.autocreate, true, "from the top");
  assert.equal(berlin?.options.oauth2?.accessTokenValidity, "minutes=5");
  assert.deepEqual(berlin?.addresses, ["https://b1.example.com:8006"]);
  const [mistake] = mistakesOf(two({ realm: { name: "pam" } }), { credentials });
  assert.match(mistake ?? "", /^clusters\.berlin\.realm\.name is taken by Proxmox itself/);
});
