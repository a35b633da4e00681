import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { suite, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { AuthentikStack } from "../../../../components/authentikStack";
import type { AuthentikStackArgs } from "../../../../components/authentikStackArgs";
import type { Recorded } from "../../../../components/stack/recorded";
import { takesBaseUrl } from "../../../../components/stack/running";
import { companyCa } from "../../config/certificates";

const url = "https://auth.example.com";
const secrets = { secretKey: "key", databasePassword: "password" };

/** The containers of a stack by name, as text. */
async function containersOf(args: Partial<AuthentikStackArgs>): Promise<Record<string, string>> {
  const containers: Record<string, string> = {};
  const newResource = ({ type, name, inputs, id }: pulumi.runtime.MockResourceArgs) => {
    if (type.endsWith(":Container")) containers[name] = JSON.stringify(inputs);
    const chosen = {
      ...(type.endsWith(":Network") && { ipamConfigs: [{ subnet: "172.20.0.0/16" }] }),
      ...(type.endsWith(":RemoteImage") && { imageId: `sha256:of-${name}` }),
    };
    return { id: id ?? `${name}-id`, state: { ...inputs, ...chosen } };
  };
  await pulumi.runtime.setMocks({ newResource, call: () => ({}) }, "project", "stack", true);
  try {
    new AuthentikStack("authentik", { url, secrets, ...args });
  } finally {
    await pulumi.runtime.disconnect();
  }
  return containers;
}

const tls = { caCertificate: companyCa.certificate, caKeyConfigKey: "tlsCaKey" };
const authentik = (tag: string) => ({ images: { authentik: `ghcr.io/goauthentik/server:${tag}` } });

suite("authentik's server and worker", () => {
  test("receive the public address, which the release requires", async () => {
    const { server = "", worker = "" } = await containersOf({});
    for (const container of [server, worker])
      assert.ok(container.includes(`AUTHENTIK_WEB__BASE_URL=${url}"`), container);
  });

  test("do not receive it in an earlier release", async () => {
    const { server = "" } = await containersOf(authentik("2026.5.9"));
    assert.doesNotMatch(server, /BASE_URL/);
  });

  test("receive it with their next image if they run without it, because each change replaces them", () => {
    const start = "urn:pulumi:prod::sso::proxmox-authentik-sso:index:AuthentikStack$docker:index";
    const state = (...envs: string[]): Recorded[] => [
      { urn: `${start}/container:Container::server`, outputs: { envs } },
      { urn: `${start}/remoteImage:RemoteImage::authentik-image`, outputs: { name: "authentik:2026.8.1" } },
    ];
    assert.equal(takesBaseUrl([], "authentik:2026.8.1", "2026.8.1"), true, "a new stack");
    assert.equal(takesBaseUrl(state("A=b"), "authentik:2026.8.1", "2026.8.1"), false);
    assert.equal(takesBaseUrl(state("A=b"), "authentik:2026.11.0", "2026.11.0"), true);
    const withIt = state("AUTHENTIK_WEB__BASE_URL=https://auth.example.com");
    assert.equal(takesBaseUrl(withIt, "authentik:2026.8.1", "2026.8.1"), true);
  });

  test("listen on IPv4 alone for a kernel without IPv6", async () => {
    const onBoth = await containersOf({});
    assert.doesNotMatch(onBoth.server ?? "", /AUTHENTIK_LISTEN__/);
    const { server = "", worker = "" } = await containersOf({ ipv6: false });
    for (const container of [server, worker])
      for (const setting of ["HTTP=0.0.0.0:9000", "HTTPS=0.0.0.0:9443", "METRICS=0.0.0.0:9300"])
        assert.ok(container.includes(`AUTHENTIK_LISTEN__${setting}"`), setting);
  });
});

test("each container runs an image by its hash, because a tag can move", async () => {
  const images = { postgres: "postgres-image", redis: "redis-image", server: "authentik-image" };
  const containers = await containersOf({});
  for (const [service, image] of Object.entries({ ...images, worker: "authentik-image" }))
    assert.equal(JSON.parse(containers[service] ?? "{}").image, `sha256:of-${image}`, service);
});

suite("redis", () => {
  const redisPassword = "a-long-and-random-password";

  test("requires its password, and its command contains only the hash", async () => {
    const {
      redis = "",
      server = "",
      worker = "",
    } = await containersOf({
      secrets: { ...secrets, redisPassword },
    });
    assert.ok(redis.includes(`"on","#${createHash("sha256").update(redisPassword).digest("hex")}"`), redis);
    assert.ok(!redis.includes(redisPassword));
    assert.match(redis, /NOAUTH/);
    assert.match(redis, /"readOnly":true/);
    for (const container of [server, worker]) {
      assert.match(container, /AUTHENTIK_REDIS__PASSWORD=file:\/\/\/run\/secrets\/redis-password/);
      assert.match(container, new RegExp(`"content":"${redisPassword}"`));
    }
  });

  test("is unchanged without a password", async () => {
    const { redis = "", server = "" } = await containersOf({});
    assert.match(
      redis,
      /"command":\["redis-server","--save","60","1","--loglevel","warning","--dir","\/data"\]/,
    );
    assert.match(redis, /grep -q PONG/);
    assert.doesNotMatch(server, /REDIS__PASSWORD|redis-password/);
  });

  test("is removed with its password if `redis: false` is set", async () => {
    const { redis, server = "" } = await containersOf({
      redis: false,
      secrets: { ...secrets, redisPassword },
    });
    assert.equal(redis, undefined);
    assert.doesNotMatch(server, /REDIS|redis-password/);
  });
});

suite("with a certificate of its own, authentik", () => {
  const trusted = /TRUSTED_PROXY_CIDRS=127\.0\.0\.0\/8,::1\/128,172\.20\.0\.0\/16"/;

  test("has its http port on the loopback address, and trusts only its own network", async () => {
    const { server = "", worker = "" } = await containersOf({ tls });
    assert.match(server, /"external":80,"internal":9000,"ip":"127\.0\.0\.1"/);
    assert.match(server, /"external":443,"internal":9443,"ip":"0\.0\.0\.0"/);
    for (const container of [server, worker]) assert.match(container, trusted);
  });

  test("publishes it at a configured address, for a configured proxy", async () => {
    const args = { tls, httpBindAddress: "0.0.0.0", trustedProxies: ["203.0.113.7/32"] };
    const { server = "" } = await containersOf(args);
    assert.match(server, /"internal":9000,"ip":"0\.0\.0\.0"/);
    assert.match(server, /TRUSTED_PROXY_CIDRS=203\.0\.113\.7\/32"/);
  });
});

test("without a certificate, the http port is published for a proxy in a network that authentik trusts by default", async () => {
  const { server = "" } = await containersOf({});
  assert.match(server, /"internal":9000,"ip":"0\.0\.0\.0"/);
  assert.doesNotMatch(server, /TRUSTED_PROXY/);
});

suite("networks of proxies that authentik would not start with", () => {
  const variable = "AUTHENTIK_LISTEN__TRUSTED_PROXY_CIDRS";
  for (const [args, says] of [
    [{ trustedProxies: ["172.16.0.15"] }, /`trustedProxies` has "172\.16\.0\.15".*172\.16\.0\.15\/32/],
    [{ trustedProxies: ["10.0.0.0/8", "fd00::1"] }, /fd00::1\/128/],
    [{ trustedProxies: ["10.0.0.0/33"] }, /has "10\.0\.0\.0\/33".*e\.g\. 10\.0\.0\.0\/8/],
    [{ environment: { [variable]: "10.0.0.0/8,,::1/128" } }, /`environment` has .*an empty entry/],
  ] as const) {
    test(`${JSON.stringify(args)} are refused`, async () => {
      await assert.rejects(
        containersOf({ ...args, trustedProxies: [...("trustedProxies" in args ? args.trustedProxies : [])] }),
        says,
      );
    });
  }

  test("are accepted with an earlier release, which ignores invalid ones", async () => {
    await containersOf({ ...authentik("2026.5.9"), trustedProxies: ["172.16.0.15"] });
  });

  test("are accepted if they are valid networks", async () => {
    const { server = "" } = await containersOf({ trustedProxies: ["127.0.0.0/8", "fd00::/8"] });
    assert.match(server, /TRUSTED_PROXY_CIDRS=127\.0\.0\.0\/8,fd00::\/8"/);
  });
});
