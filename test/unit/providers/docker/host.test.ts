import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { wayToDocker } from "../../../../providers/docker/endpoint";
import { dockerWay, problemWithDockerHost } from "../../../../providers/docker/host";
import { seeded } from "../../../tools/seeded";
import { deployed, mistakesOf } from "../../config/right";

suite("the value of dockerHost", () => {
  for (const [host, path] of [
    ["unix:///var/run/docker.sock", "/var/run/docker.sock"],
    ["unix:///run/user/1000/docker.sock", "/run/user/1000/docker.sock"],
    ["npipe:////./pipe/docker_engine", "\\\\.\\pipe\\docker_engine"],
    ["npipe:////./pipe/dockerDesktopLinuxEngine", "\\\\.\\pipe\\dockerDesktopLinuxEngine"],
    ["npipe://\\\\.\\pipe\\docker_engine", "\\\\.\\pipe\\docker_engine"],
  ] as const) {
    test(`is a socket or pipe: ${host}`, () => assert.deepEqual(dockerWay(host), { kind: "socket", path }));
  }

  for (const [host, kind] of [
    ["ssh://docker.example.com", "ssh"],
    ["ssh://admin@docker.example.com:2222/run/docker.sock", "ssh"],
    ["ssh://admin@[2001:db8::1]", "ssh"],
    ["tcp://docker.example.com:2376", "tcp"],
    ["tcp://[2001:db8::1]:2375", "tcp"],
    ["https://docker.example.com", "tcp"],
  ] as const) {
    test(`is a server: ${host}`, () => assert.equal(dockerWay(host).kind, kind));
  }

  for (const [host, fix] of [
    ["/var/run/docker.sock", "unix:///var/run/docker.sock"],
    ["unix://var/run/docker.sock", "unix:///var/run/docker.sock"],
    ["root@docker.example.com", "ssh://root@docker.example.com"],
    ["docker.example.com:2375", "tcp://docker.example.com:2375"],
    ["[2001:db8::1]:2375", "tcp://[2001:db8::1]:2375"],
    ["tcp://docker.example.com", "tcp://docker.example.com:2376"],
    ["\\\\.\\pipe\\docker_engine", "npipe:////./pipe/docker_engine"],
    ["//./pipe/docker_engine", "npipe:////./pipe/docker_engine"],
    ["unix:/var/run/docker.sock", "unix:///var/run/docker.sock"],
    ["TCP://docker.example.com:2375", "tcp://docker.example.com:2375"],
  ] as const) {
    test(`is refused with the form to write: ${host}`, () => {
      assert.ok(problemWithDockerHost(host)?.endsWith(`write ${fix}`), problemWithDockerHost(host));
      assert.equal(problemWithDockerHost(fix), undefined);
    });
  }

  for (const host of [
    "docker",
    "",
    "fd://",
    "unix://",
    "unix:///",
    "ssh://",
    "ssh://a:b@c",
    "tcp://:2375",
    "ftp://x",
    "tcp://docker.example.com:0",
    "ssh://-oProxyCommand=id",
    "ssh://-l@docker.example.com",
  ]) {
    test(`is refused with the forms that work: ${host || "(empty)"}`, () =>
      assert.match(problemWithDockerHost(host) ?? "", /write unix:\/\/\/var\/run\/docker\.sock, ssh:/));
  }

  test("keeps a password out of the message", () => {
    assert.doesNotMatch(problemWithDockerHost("ssh://root:geheim@docker.example.com") ?? "", /geheim/);
  });

  test("is accepted or refused for any text, and never throws", () => {
    const text = fc.oneof(
      fc.string(),
      fc.webUrl(),
      fc.string().map((rest) => `unix://${rest}`),
    );
    fc.assert(
      fc.property(text, (host) => problemWithDockerHost(host) !== undefined || Boolean(dockerWay(host))),
      seeded(),
    );
  });
});

suite("an address without a scheme is refused before anything is created", () => {
  test("as a config key", () => {
    assert.deepEqual(mistakesOf({ ...deployed, dockerHost: "/var/run/docker.sock" }), [
      'dockerHost is "/var/run/docker.sock", which is not an address of a Docker host: write unix:///var/run/docker.sock',
    ]);
  });

  test("as DOCKER_HOST, by its name", () => {
    assert.throws(() => wayToDocker({}, { DOCKER_HOST: "root@docker.example.com" }), {
      name: "UserError",
      message: /^DOCKER_HOST is "…@docker\.example\.com", .* write ssh:\/\/root@docker\.example\.com\.$/,
    });
  });
});
