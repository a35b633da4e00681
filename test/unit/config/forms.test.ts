import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { ConfigError } from "../../../config/load";
import { configKey, configSchema } from "../../../config/schema";
import { seeded } from "../../tools/seeded";
import { deployed, parse } from "./right";
import { text } from "./texts";

suite("any text is accepted for a key, or refused with the key's name", () => {
  for (const key of Object.keys(configSchema.shape)) {
    test(key, () => {
      fc.assert(
        fc.property(text, (value) => {
          const config = { ...deployed, [key]: value };
          try {
            parse(config, { credentials: ["proxmoxToken-berlin", "proxmoxPassword"] });
          } catch (error) {
            assert.ok(error instanceof ConfigError, `${key}=${value}: ${error}`);
            const about = [key, ...(related[key] ?? [])];
            assert.ok(
              error.mistakes.some((mistake) => about.includes(mistake.key.split(".")[0] ?? "")),
              `${key}=${value}: ${error.message}`,
            );
            for (const { message } of error.mistakes) {
              assert.doesNotMatch(
                message,
                /Invalid input|Too (big|small)|undefined|\[object/,
                `${configKey(key)}=${value}`,
              );
            }
          }
        }),
        seeded(150),
      );
    });
  }
});

/** The options of an entry of `clusters`, by the names of the config and of the component. */
const options = [
  ...[
    "addresses",
    "nodeAddress",
    "apiUrl",
    "ca",
    "fingerprint",
    "version",
    "username",
    "realm",
    "realmDefault",
  ],
  ...["usernameClaim", "autocreate", "usersOnDelete", "applicationName", "applicationSlug", "clientId"],
  ...["clientSecret", "access", "roles", "allowEveryone", "exclusiveAccess", "proxmox", "application"],
];

suite("any value is accepted for a cluster's option, or refused with the cluster's name", () => {
  for (const option of options) {
    test(option, () => {
      const value = fc.oneof(text, fc.jsonValue(), fc.record({ name: text, apiUrl: text }));
      fc.assert(
        fc.property(value, (given) => {
          const berlin = { addresses: ["https://b1.example.com:8006"], [option]: given };
          const clusters = JSON.stringify({ berlin });
          try {
            parse(
              { ...deployed, clusters },
              { credentials: ["proxmoxToken-berlin", "proxmoxPassword-berlin"] },
            );
          } catch (error) {
            assert.ok(error instanceof ConfigError, `${clusters}: ${error}`);
            assert.match(error.message, /berlin|allowEveryone/, clusters);
          }
        }),
        { numRuns: 40, seed: 20261130 },
      );
    });
  }
});

/** Keys that the key requires. */
const related: Readonly<Record<string, readonly string[]>> = {
  authentikImage: ["authentikVersion"],
  authentikVersion: ["redis"],
  deployAuthentik: ["authentikUrl"],
  proxmoxUsername: ["proxmoxPassword"],
  registryUsername: ["registryPassword"],
  allowEveryone: ["access"],
  production: ["allowEveryone"],
  testUsername: ["testPassword"],
  testPassword: ["testUsername"],
  tlsCaCertificate: ["tlsCaKey"],
  tlsCaKey: ["tlsCaCertificate"],
  tlsCertificatePath: ["tlsKeyPath"],
  tlsKeyPath: ["tlsCertificatePath"],
  tlsKey: ["tlsCertificatePath"],
  signingCertificatePath: ["signingKeyPath"],
  signingKeyPath: ["signingCertificatePath"],
  signingKey: ["signingCertificatePath"],
};
