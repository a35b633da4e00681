import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { stackArguments } from "../../../config/arguments";
import { ConfigError } from "../../../config/load";
import { configSchema } from "../../../config/schema";
import type { Stack } from "../../../config/stack";
import { seeded } from "../../tools/seeded";
import { kinds } from "./kinds";
import { kindsOnDocker } from "./kinds-on-docker";
import { deployed, parse } from "./right";
import { text } from "./texts";

const all = [...kinds, ...kindsOnDocker];
const credentials = ["proxmoxToken-berlin", "proxmoxPassword"];

suite("an accepted value of a key", () => {
  test("has a kind for each key", () => {
    const keys = all.flatMap((kind) => kind.keys);
    assert.deepEqual([...keys].sort(), Object.keys(configSchema.shape).sort());
  });

  for (const { keys, right, meaning, requires } of all) {
    for (const key of keys) {
      test(key, () => {
        const without: Record<string, unknown> = parse(deployed, { credentials }).config;
        let accepted = 0;
        fc.assert(
          fc.property(fc.oneof(right, text), (value) => {
            const stack = accepts({ ...deployed, ...requires, [key]: value });
            if (stack === undefined) return;
            accepted += 1;
            const config: Record<string, unknown> = stack.config;
            const expected = value.trim() === "" ? without[key] : meaning(value, config[key]);
            assert.deepEqual(config[key], expected, `${key}=${value}`);
            const resolved = inModel[key]?.(stack);
            if (resolved && value.trim() !== "") assert.deepEqual(resolved, [expected], `${key}=${value}`);
          }),
          seeded(60),
        );
        assert.ok(accepted > 0, `no text of ${key} was accepted`);
      });
    }
  }
});

/** Where the resolved model contains the value of a key. */
const inModel: Readonly<Record<string, (stack: Stack) => unknown[]>> = {
  realm: ({ clusters: [sso] }) => [sso?.realm],
  usernameClaim: ({ clusters: [sso] }) => [sso?.usernameClaim],
  applicationName: ({ clusters: [sso] }) => [sso?.title],
  applicationSlug: ({ clusters: [sso] }) => [sso?.slug],
  proxmoxAddresses: ({ clusters: [sso] }) => [sso?.addresses],
  proxmoxApiUrl: ({ clusters: [sso] }) => [sso?.connection.url],
  proxmoxCa: ({ clusters: [sso] }) => [sso?.connection.caCertificate],
  proxmoxFingerprint: ({ clusters: [sso] }) => [sso?.connection.fingerprint],
  proxmoxUsername: ({ clusters: [sso] }) => [sso?.connection.login?.username],
  proxmoxVersion: ({ clusters: [sso] }) => [sso?.options.proxmox.version],
  proxmoxNodeAddress: ({ clusters: [sso] }) => [sso?.options.proxmox.nodeAddress],
  usersOnDelete: ({ clusters: [sso] }) => [sso?.options.realm?.usersOnDelete],
  autocreate: ({ clusters: [sso] }) => [sso?.options.realm?.autocreate],
  realmDefault: ({ clusters: [sso] }) => [sso?.options.realm?.default],
  clientId: ({ clusters: [sso] }) => [sso?.options.clientId],
  clientSecret: ({ clusters: [sso] }) => [sso?.options.clientSecret],
  authorizationFlow: ({ clusters: [sso] }) => [sso?.options.oauth2?.authorizationFlow],
  invalidationFlow: ({ clusters: [sso] }) => [sso?.options.oauth2?.invalidationFlow],
  signingKeySize: ({ clusters: [sso] }) => [sso?.options.certificate?.keySize],
  signingValidityDays: ({ clusters: [sso] }) => [sso?.options.certificate?.validityDays],
  signingRenewBeforeDays: ({ clusters: [sso] }) => [sso?.options.certificate?.renewBeforeDays],
  testUsername: ({ clusters: [sso] }) => [sso?.options.testUser?.username],
  access: ({ clusters: [sso] }) => [sso?.options.access],
  roles: ({ clusters: [sso] }) => [sso?.roles],
  exclusiveAccess: ({ clusters: [sso] }) => [sso?.exclusiveAccess],
  adopt: ({ clusters: [sso] }) => [sso?.options.adopt],
  production: ({ clusters: [sso] }) => [sso?.options.production],
  httpPort: ({ config }) => [stackArguments(config).httpPort],
  httpsPort: ({ config }) => [stackArguments(config).httpsPort],
  bindAddress: ({ config }) => [stackArguments(config).bindAddress],
  cpus: ({ config }) => [stackArguments(config).cpus],
  memoryMegabytes: ({ config }) => [stackArguments(config).memoryMegabytes],
  mounts: ({ config }) => [stackArguments(config).mounts],
  trustedProxies: ({ config }) => [stackArguments(config).trustedProxies],
  authentikEnvironment: ({ config }) => [stackArguments(config).environment],
  authentikImage: ({ config }) => [stackArguments(config).images?.authentik],
  postgresImage: ({ config }) => [stackArguments(config).images?.postgres],
  redisImage: ({ config }) => [stackArguments(config).images?.redis],
};

/** The stack, if the config is accepted. */
function accepts(raw: Record<string, string>): Stack | undefined {
  try {
    return parse(raw, { credentials });
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}
