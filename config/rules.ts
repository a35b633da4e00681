import { belongs } from "../providers/pki/ownPair";
import type { StackConfig } from "./schema";

/** A mistake in the config, with its key. */
export interface ConfigMistake {
  readonly key: string;
  /** Continues after the key, and explains the fix. */
  readonly message: string;
}

const generate = "npm run credentials generates it";

/** Keys that are missing because other keys require them. */
export function missing(config: StackConfig): ConfigMistake[] {
  const needed: [keyof StackConfig & string, boolean, string][] = [
    ["authentikToken", config.deployAuthentik, generate],
    [
      "authentikToken",
      !config.deployAuthentik,
      "create an API token in authentik (Directory > Tokens and App passwords, intent API Token)",
    ],
    ["authentikSecretKey", config.deployAuthentik, generate],
    ["authentikBootstrapPassword", config.deployAuthentik && config.authentikBootstrap, generate],
    ["postgresPassword", config.deployAuthentik, generate],
    ["registryPassword", config.registryUsername !== undefined, "registryUsername requires it"],
    ["tlsCaKey", config.tlsCaCertificate !== undefined, "tlsCaCertificate requires it; set both or neither"],
    ["tlsCaCertificate", config.tlsCaKey !== undefined, "tlsCaKey requires it; set both or neither"],
    [
      "signingCertificatePath",
      config.signingKeyPath !== undefined || config.signingKey !== undefined,
      "signingKeyPath and signingKey require it",
    ],
    [
      "signingKeyPath",
      config.signingCertificatePath !== undefined && config.signingKey === undefined,
      "signingCertificatePath requires it, or the secret signingKey",
    ],
    [
      "tlsCertificatePath",
      config.tlsKeyPath !== undefined || config.tlsKey !== undefined,
      "tlsKeyPath and tlsKey require it",
    ],
    [
      "tlsKeyPath",
      config.tlsCertificatePath !== undefined && config.tlsKey === undefined,
      "tlsCertificatePath requires it, or the secret tlsKey",
    ],
    ["testPassword", config.testUsername !== undefined, "testUsername requires it; set both or neither"],
    ["testUsername", config.testPassword !== undefined, "testPassword requires it; set both or neither"],
  ];
  const mistakes = needed
    .filter(([key, applies]) => applies && config[key] === undefined)
    .map(([key, , fix]) => ({ key, message: `is missing: ${fix}` }));
  if (config.tlsCertificatePath && (config.tlsCaCertificate || config.tlsCaKey)) {
    mistakes.push({
      key: "tlsCertificatePath",
      message:
        "cannot be combined with a CA. Remove the CA: pulumi config rm tlsCaCertificate; pulumi config rm pulumi-nodejs:tlsCaKey",
    });
  }
  if (config.tlsCaCertificate && config.tlsCaKey && !belongs(config.tlsCaKey, config.tlsCaCertificate)) {
    mistakes.push({
      key: "tlsCaKey",
      message:
        "does not belong to the first certificate in tlsCaCertificate: set certificate and key of the same CA",
    });
  }
  return mistakes;
}
