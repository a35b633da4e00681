import assert from "node:assert/strict";
import { suite, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { type PlainHttpFacts, plainHttpIn, refuseOrWarn } from "../../../../components/stack/plainHttp";
import type { Recorded } from "../../../../components/stack/recorded";

const image = "authentik:2026.8.7";
const facts: PlainHttpFacts = {
  image,
  tls: true,
  bindAddress: "0.0.0.0",
  httpBindAddress: undefined,
  httpPort: 80,
  apiUrl: "http://127.0.0.1:80",
  production: false,
};
const start = "urn:pulumi:prod::sso::proxmox-authentik-sso:index:AuthentikStack$docker:index";

/** The state of a stack whose server publishes its http port at this address. */
function publishedOn(ip: string, ...envs: string[]): Recorded[] {
  const ports = [
    { internal: 9000, external: 80, ip, protocol: "tcp" },
    { internal: 9443, external: 443, ip: "0.0.0.0", protocol: "tcp" },
  ];
  return [
    { urn: `${start}/container:Container::server`, outputs: { ports, envs } },
    { urn: `${start}/remoteImage:RemoteImage::authentik-image`, outputs: { name: image } },
  ];
}

suite("authentik's http port", () => {
  const elsewhere = "http://auth.example.com:80";
  for (const [what, own, changed, address, trustsOnlyOwn, isOpen] of [
    ["of a new stack with a certificate is on the loopback", [], {}, "127.0.0.1", true, false],
    ["the same with IPv6", [], { bindAddress: "::" }, "127.0.0.1", true, false],
    ["of a new stack behind a proxy is where the user says", [], { tls: false }, "0.0.0.0", false, false],
    ["is where an option says", [], { httpBindAddress: "10.0.0.5" }, "10.0.0.5", true, false],
    ["stays where this program calls the API", [], { apiUrl: elsewhere }, "0.0.0.0", true, true],
    ["stays on the one address of all ports", [], { bindAddress: "10.0.0.5" }, "10.0.0.5", true, true],
    ["of an earlier stack stays", publishedOn("0.0.0.0"), {}, "0.0.0.0", false, true],
    [
      "of an earlier lab stays",
      publishedOn("127.0.0.1"),
      { bindAddress: "127.0.0.1" },
      "127.0.0.1",
      false,
      false,
    ],
    [
      "moves with the next image",
      publishedOn("0.0.0.0"),
      { image: "authentik:2026.11.0" },
      "127.0.0.1",
      true,
      false,
    ],
    [
      "moves when an option says so",
      publishedOn("0.0.0.0"),
      { httpBindAddress: "127.0.0.1" },
      "127.0.0.1",
      true,
      false,
    ],
    ["does not move back", publishedOn("127.0.0.1"), {}, "127.0.0.1", true, false],
    [
      "keeps the networks that it trusts",
      publishedOn("0.0.0.0", "AUTHENTIK_LISTEN__TRUSTED_PROXY_CIDRS=127.0.0.0/8"),
      { apiUrl: elsewhere },
      "0.0.0.0",
      true,
      true,
    ],
  ] as const satisfies [string, Recorded[], Partial<PlainHttpFacts>, string, boolean, boolean][]) {
    test(what, () => {
      const found = plainHttpIn(own, { ...facts, ...changed });
      assert.equal(found.address, address);
      assert.equal(found.trustsOnlyOwn, trustsOnlyOwn);
      assert.equal(found.open !== undefined, isOpen, found.open);
    });
  }

  test("of an existing stack: the warning explains what the next run does, and both options", () => {
    assert.match(
      plainHttpIn(publishedOn("0.0.0.0"), facts).open ?? "",
      /^Port 80 of authentik is published on 0\.0\.0\.0, without TLS.*It moves to 127\.0\.0\.1 with authentik's next image\. To close it, set httpBindAddress to 127\.0\.0\.1\. To keep it open .* set httpBindAddress to 0\.0\.0\.0, and trustedProxies/,
    );
  });

  test("of a remote Docker host: the warning names the tunnel first", () => {
    assert.match(
      plainHttpIn([], { ...facts, apiUrl: elsewhere }).open ?? "",
      /To close it, open the tunnel ssh -L 9000:127\.0\.0\.1:80 .*authentikApiUrl to http:\/\/127\.0\.0\.1:9000, and set httpBindAddress/,
    );
  });

  test("at all addresses is refused in production, unless the server has it already", () => {
    const open = { ...facts, bindAddress: "10.0.0.5", production: true };
    const { isRefused, open: why = "" } = plainHttpIn([], open);
    assert.equal(isRefused, true);
    assert.doesNotMatch(why, /To keep it open/);
    assert.equal(plainHttpIn([], { ...open, production: false }).isRefused, false);
    assert.equal(plainHttpIn(publishedOn("10.0.0.5"), open).isRefused, false);
    assert.equal(plainHttpIn([], { ...facts, production: true }).isRefused, false);
  });

  test("ends the program if it is refused, and is a warning otherwise", async (context) => {
    const warned = context.mock.method(pulumi.log, "warn", async () => {});
    const resource = Object.create(pulumi.Resource.prototype);
    await assert.rejects(refuseOrWarn({ open: "Port 80 is open.", isRefused: true }, resource), (error) => {
      return pulumi.RunError.isInstance(error) && error.message === "Port 80 is open.";
    });
    await refuseOrWarn({ open: undefined, isRefused: false }, resource);
    assert.equal(warned.mock.callCount(), 0);
    await refuseOrWarn({ open: "Port 80 is open.", isRefused: false }, resource);
    assert.equal(warned.mock.callCount(), 1);
  });
});
