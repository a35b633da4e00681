import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { namingKeys } from "../../config/secretTexts";
import { createCertificateAuthority, type KeyPair } from "../../providers/pki/certificate";
import { useEngine } from "./harness";

/** Values of many keys. test/unit/config/canaries.test.ts tries each leaf of the schema, without the engine. */
const onDocker: Readonly<Record<string, string>> = {
  authentikUrl: "https://canary-url.example.com",
  authentikApiUrl: "http://canary-api.example.com:9000",
  authentikBootstrapEmail: "canary-mail@example.com",
  authentikImage: "canary-image.example.com/authentik:2026.5.0",
  postgresImage: "canary-postgres.example.com/postgres:16",
  redisImage: "canary-redis.example.com/redis:7",
  "authentikEnvironment.AUTHENTIK_EMAIL__PASSWORD": "canary-smtp",
  "authentikEnvironment.HTTPS_PROXY": "http://canary-proxy",
  "mounts[0].source": "canary-source",
  "mounts[0].target": "/canary-target",
  "trustedProxies[0]": "203.0.113.77/32",
  bindAddress: "203.0.113.78",
  httpBindAddress: "203.0.113.79",
  dockerHost: "tcp://canary-docker.example.com:2376",
  dockerCertPath: "a folder of the test",
  "dockerSshOptions[0]": "-canary-ssh",
  "dockerSubnets.frontend": "10.231.77.0/24",
  pullImages: "canary-pull",
  registryAddress: "canary-registry.example.com",
  registryUsername: "canary-registry-user",
  registryPassword: "canary-registry-password",
  authentikSecretKey: "canary-secret-key",
  authentikBootstrapPassword: "canary-bootstrap",
  postgresPassword: "canary-postgres-password",
  redisPassword: "canary-redis-password-of-20",
  prefix: "canary-prefix",
  databaseVolume: "canary-volume",
  "proxmoxAddresses[0]": "https://canary-pve.example.com:8006",
  proxmoxApiUrl: "https://canary-pve-api.example.com:8006",
  proxmoxFingerprint: "ca".repeat(16) + "fe".repeat(16),
  realm: "canary-realm",
  applicationName: "canary application",
  applicationSlug: "canary-slug",
  authorizationFlow: "canary-authorization",
  invalidationFlow: "canary-invalidation",
  clientId: "canary-client-id",
  clientSecret: "canary-client-secret",
  testUsername: "canary-user",
  testPassword: "canary-password",
};
const named: Readonly<Record<string, string>> = {
  'access["authentik Admins"].as': "canary-as",
  'access["authentik Admins"]["/pool/canary-pool"]': "CanaryRole",
  "roles.CanaryRole[0]": "VM.Audit",
};

const keyOf = (path: string) => path.split(/[.[]/)[0] ?? "";

function leaked(text: string, canaries: Readonly<Record<string, string>>): string[] {
  return Object.entries(canaries)
    .filter(([, canary]) => text.includes(canary))
    .map(([key]) => key);
}

function filesUnder(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** A line of the PEM that appears nowhere else. */
const lineOf = (pem: string) => pem.split("\n")[3] ?? "";

describe("a value that is set with --secret, at every key that accepts text,", () => {
  const engine = useEngine();
  let ca: KeyPair;

  before(async () => {
    ca = await createCertificateAuthority("canary");
  });

  it("is not in the preview of a stack with authentik on Docker, not even in the machine-readable form", async () => {
    const certificates = join(engine.stack.folder, "canary-certificates");
    mkdirSync(certificates);
    for (const name of ["ca", "cert", "key"])
      writeFileSync(join(certificates, `${name}.pem`), ca.certificate);
    const given = { ...onDocker, dockerCertPath: certificates };
    const secret = { ...given, tlsCaCertificate: ca.certificate, tlsCaKey: ca.privateKey };
    await engine.stack.configure({ plain: { deployAuthentik: "true" }, secret });
    const canaries = {
      ...given,
      tlsCaCertificate: lineOf(ca.certificate),
      tlsCaKey: lineOf(ca.privateKey),
    };
    const output = await engine.stack.preview({}, "--json");
    assert.match(output, /sso-application/);
    assert.deepEqual(leaked(output, canaries), []);
    const console = await engine.stack.preview({}, "--diff");
    const paths = Object.keys(canaries).filter((key) => !namingKeys.some((naming) => naming === key));
    assert.deepEqual(
      leaked(console, canaries).filter((path) => paths.includes(path)),
      [],
    );
  });
});

describe("a value that is set with --secret", () => {
  const engine = useEngine();

  it("is in no file of the stack and not on the console after an up, except in names and ids", async () => {
    const { servers, stack } = engine;
    const values: Record<string, string> = {
      ...named,
      authentikUrl: servers.authentik.httpUrl,
      "proxmoxAddresses[0]": servers.proxmox.url,
      proxmoxCa: servers.proxmox.caPem,
      applicationName: "canary application",
      clientId: "canary-client-id",
      clientSecret: "canary-client-secret",
      testUsername: "akadmin",
      signingCertificatePath: join(stack.folder, "canary-signing.pem"),
      signingKeyPath: join(stack.folder, "canary-signing-key.pem"),
    };
    const pair = await createCertificateAuthority("signing");
    writeFileSync(values.signingCertificatePath ?? "", pair.certificate);
    writeFileSync(values.signingKeyPath ?? "", pair.privateKey);
    await stack.configure({
      plain: { allowEveryone: "false" },
      secret: { ...values, testPassword: servers.authentikPassword },
    });
    // Without this variable, the CLI writes no log of events.
    stack.environment.PULUMI_DEBUG_COMMANDS = "true";
    const events = join(stack.folder, "events.json");
    const { code, output } = await stack.attempt("up", "--event-log", events);
    assert.equal(code, 0, output);
    const canaries = Object.fromEntries(
      Object.entries({ ...values, proxmoxCa: lineOf(servers.proxmox.caPem) }).filter(
        ([path]) => !namingKeys.some((key) => key === keyOf(path)) && path !== "testUsername",
      ),
    );
    assert.deepEqual(Object.keys(canaries).sort(), [
      "clientId",
      "clientSecret",
      "proxmoxAddresses[0]",
      "proxmoxCa",
      "signingCertificatePath",
      "signingKeyPath",
    ]);
    assert.deepEqual(leaked(output, canaries), []);
    assert.match(output, /Encrypted, but .* plain text: authentikUrl, applicationName, access, roles\./);
    for (const file of filesUnder(stack.folder))
      assert.deepEqual(leaked(readFileSync(file, "utf8"), canaries), [], file);
    for (const args of [
      ["stack", "export"],
      ["stack", "output", "--json"],
      ["config", "--json"],
    ])
      assert.deepEqual(leaked(await stack.capture(args), canaries), [], args.join(" "));
  });
});
