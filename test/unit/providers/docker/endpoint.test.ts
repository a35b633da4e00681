import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { contextOf, dockerAddress, wayToDocker } from "../../../../providers/docker/endpoint";
import { sshArguments } from "../../../../providers/docker/ssh";

const folder = mkdtempSync(join(tmpdir(), "docker-config-"));
after(() => rmSync(folder, { recursive: true }));

/** The layout that `docker context create` writes. */
function makeContext(name: string, host: string, hasCertificates = false): string {
  const meta = join(folder, "contexts", "meta", `id-of-${name}`);
  const certificates = join(folder, "contexts", "tls", `id-of-${name}`, "docker");
  mkdirSync(meta, { recursive: true });
  writeFileSync(
    join(meta, "meta.json"),
    JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }),
  );
  if (hasCertificates) {
    mkdirSync(certificates, { recursive: true });
    writeFileSync(join(certificates, "cert.pem"), "");
  }
  return certificates;
}

suite("the address of the Docker Engine", () => {
  const environment = { DOCKER_CONFIG: folder };
  const certificates = makeContext("secure", "tcp://docker.example.com:2376", true);
  makeContext("plain", "ssh://admin@docker.example.com");

  test("comes from a context, with its certificates", () => {
    assert.deepEqual(dockerAddress({ context: "secure" }, environment), {
      host: "tcp://docker.example.com:2376",
      certPath: certificates,
    });
    assert.deepEqual(dockerAddress({ context: "plain" }, environment), {
      host: "ssh://admin@docker.example.com",
      certPath: undefined,
    });
  });

  test("comes from the config before the environment", () => {
    const other = { ...environment, DOCKER_CONTEXT: "plain", DOCKER_CERT_PATH: "/certificates" };
    const given = { host: "tcp://other.example.com:2376", certPath: "/own" };
    assert.deepEqual(dockerAddress(given, other), given);
    assert.equal(contextOf(given, other), undefined);
    assert.equal(dockerAddress({ context: "secure" }, other).host, "tcp://docker.example.com:2376");
  });

  test("comes from the environment: its host before its context, as in Docker's own client", () => {
    const host = "unix:///run/user/1000/docker.sock";
    assert.equal(
      dockerAddress({}, { ...environment, DOCKER_CONTEXT: "plain", DOCKER_HOST: host }).host,
      host,
    );
    assert.match(dockerAddress({}, { ...environment, DOCKER_CONTEXT: "plain" }).host, /^ssh:/);
  });

  test("is the usual one for the context `default`", () => {
    assert.equal(contextOf({ context: "default" }, environment), undefined);
  });

  test("is an error for a missing context", () => {
    assert.throws(() => dockerAddress({ context: "gone" }, environment), {
      name: "UserError",
      message:
        /no Docker context "gone", which `dockerContext` or DOCKER_CONTEXT names\. List the contexts: docker context ls/,
    });
  });

  test("is an error for a missing TLS pair", () => {
    const endpoint = { host: "tcp://docker.example.com:2376", certPath: certificates };
    assert.throws(() => wayToDocker(endpoint, {}), {
      name: "UserError",
      message: /has no ca\.pem, key\.pem, which TLS to Docker requires\. .*`dockerCertPath`/,
    });
    for (const file of ["ca.pem", "key.pem"]) writeFileSync(join(certificates, file), "");
    assert.equal(wayToDocker(endpoint, {}).kind, "tcp");
  });
});

suite("the ssh command to a Docker host", () => {
  test("contains user, port, options and the remote socket", () => {
    const url = new URL("ssh://admin@docker.example.com:2222/run/user/1000/docker.sock");
    assert.deepEqual(sshArguments(url, ["-i", "/key"], ["system", "dial-stdio"]), [
      ...[
        "-l",
        "admin",
        "-p",
        "2222",
        "-i",
        "/key",
        "-o",
        "ConnectTimeout=30",
        "-T",
        "--",
        "docker.example.com",
      ],
      "docker --host=unix:///run/user/1000/docker.sock system dial-stdio",
    ]);
  });

  test("quotes for the remote shell", () => {
    assert.equal(
      sshArguments(new URL("ssh://[::1]"), [], ["exec", "it's; here"]).slice(-2).join(" "),
      `::1 docker exec 'it'\\''s; here'`,
    );
  });
});
