import assert from "node:assert/strict";
import { mock, suite, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { AuthentikStack } from "../../../../components/authentikStack";
import type { AuthentikStackArgs } from "../../../../components/authentikStackArgs";
import { authentikImageFor, defaultImages, whyItStays } from "../../../../components/images";
import { trustedProxiesVariable } from "../../../../components/model/proxies";
import { refuseToRun } from "../../../../components/stack/running";

const earlier = "ghcr.io/goauthentik/server:2026.5.0";

suite("the image of a stack", () => {
  for (const [what, given, recorded, image] of [
    ["a new one has the default", undefined, undefined, defaultImages.authentik],
    ["one of an earlier default stays on it", undefined, earlier, earlier],
    [
      "one whose user named another before has the default",
      undefined,
      "mirror/authentik:2026.5.1",
      defaultImages.authentik,
    ],
    ["what the user says goes first", defaultImages.authentik, earlier, defaultImages.authentik],
  ] as const) {
    test(what, () => assert.equal(authentikImageFor(given, recorded), image));
  }

  test("that stays unchanged is reported, with the upgrade and a backup first", () => {
    assert.match(
      whyItStays(earlier, "2026.5.0"),
      /stays at .*2026\.5\.0, the default when this stack was made\. The default is now 2026\.8\.7\..*2026\.5\.0 → 2026\.8\.7\..*npm run backup/,
    );
  });
});

/** The warnings of a preview. */
async function warningsOf(args: Partial<AuthentikStackArgs>): Promise<string[]> {
  const warn = mock.method(pulumi.log, "warn", async () => {});
  const newResource = ({ name, inputs, id }: pulumi.runtime.MockResourceArgs) => ({
    id: id ?? `${name}-id`,
    state: { ...inputs, ...(name === "readiness" && { version: "2026.5.3" }) },
  });
  await pulumi.runtime.setMocks({ newResource, call: () => ({}) }, "project", "stack", true);
  const secrets = { secretKey: "key", databasePassword: "password" };
  new AuthentikStack("authentik", { url: "https://auth.example.com", secrets, ...args });
  await pulumi.runtime.disconnect();
  warn.mock.restore();
  return warn.mock.calls.map(({ arguments: [text] }) => String(text));
}

suite("an up warns", () => {
  test("of nothing with the default", async () => assert.deepEqual(await warningsOf({}), []));

  for (const [tag, warning] of [
    [
      "2026.5.0",
      /2026\.5\.0 has known security faults: .*CVE-2026-49448.*upgrade to 2026\.5\.9 or 2026\.8\.7/,
    ],
    [
      "2025.10.4",
      /no longer gets security fixes .*2025\.10\.4 → the last 2025\.12 → the last 2026\.2 → 2026\.5\.9 → 2026\.8\.7/,
    ],
    ["2026.11.1", /2026\.11\.1 is later than 2026\.8, the newest release that this program knows/],
    // The server reports its patch version.
    ["2026.5", /2026\.5\.3 has known security faults/],
  ] as const) {
    test(`once, of ${tag}`, async () => {
      const [said = "", ...others] = await warningsOf({
        images: { authentik: `mirror.example.com/authentik:${tag}` },
      });
      assert.match(said, warning);
      assert.deepEqual(others, []);
    });
  }
});

suite("authentik 2026.8", () => {
  const byName = { tls: {}, origin: "https://auth.example.com", variables: {} };
  const byAddress = { ...byName, origin: "https://192.0.2.7" };
  const bare = { ...byName, variables: { [trustedProxiesVariable]: "172.16.0.15" } };
  const serves = (version: string, values: Parameters<typeof refuseToRun>[1]) => () =>
    refuseToRun(version, values);

  test("is refused with TLS at an IP address, for which it has no certificate", () => {
    assert.throws(
      serves("2026.8.7", byAddress),
      /192\.0\.2\.7 cannot serve its TLS certificate: .*Use a host name/,
    );
    assert.throws(serves("2026.8.7", { ...byName, origin: "https://[2001:db8::7]" }), /cannot serve/);
    assert.doesNotThrow(serves("2026.8.7", { ...byAddress, tls: undefined }));
    assert.doesNotThrow(serves("2026.5.9", byAddress));
    assert.doesNotThrow(serves("2026.8.7", byName));
  });

  test("is refused with an output that has a network without a suffix, which it cannot read", () => {
    assert.throws(serves("2026.8.7", bare), /`environment` has .*172\.16\.0\.15\/32/);
    assert.doesNotThrow(serves("2026.5.9", bare));
  });
});
