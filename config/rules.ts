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
      "make an API token in authentik (Directory > Tokens, intent API)",
    ],
    ["authentikSecretKey", config.deployAuthentik, generate],
    ["authentikBootstrapPassword", config.deployAuthentik && config.authentikBootstrap, generate],
    ["postgresPassword", config.deployAuthentik, generate],
    ["registryPassword", config.registryUsername !== undefined, "it belongs to registryUsername"],
    [
      "tlsCaKey",
      config.tlsCaCertificate !== undefined,
      "it belongs to tlsCaCertificate; set both or neither",
    ],
    ["tlsCaCertificate", config.tlsCaKey !== undefined, "it belongs to tlsCaKey; set both or neither"],
    [
      "signingCertificatePath",
      config.signingKeyPath !== undefined || config.signingKey !== undefined,
      "it belongs to signingKeyPath or signingKey",
    ],
    [
      "signingKeyPath",
      config.signingCertificatePath !== undefined && config.signingKey === undefined,
      "it belongs to signingCertificatePath; or set the secret signingKey",
    ],
    [
      "tlsCertificatePath",
      config.tlsKeyPath !== undefined || config.tlsKey !== undefined,
      "it belongs to tlsKeyPath or tlsKey",
    ],
    [
      "tlsKeyPath",
      config.tlsCertificatePath !== undefined && config.tlsKey === undefined,
      "it belongs to tlsCertificatePath; or set the secret tlsKey",
    ],
    ["testPassword", config.testUsername !== undefined, "it belongs to testUsername; set both or neither"],
    ["testUsername", config.testPassword !== undefined, "it belongs to testPassword; set both or neither"],
  ];
  const mistakes = needed
    .filter(([key, applies]) => applies && config[key] === undefined)
    .map(([key, , fix]) => ({ key, message: `is missing: ${fix}` }));
  if (config.tlsCertificatePath && (config.tlsCaCertificate || config.tlsCaKey)) {
    mistakes.push({
      key: "tlsCertificatePath",
      message:
        "does not go together with a CA: pulumi config rm tlsCaCertificate; pulumi config rm pulumi-nodejs:tlsCaKey",
    });
  }
  if (config.tlsCaCertificate && config.tlsCaKey && !belongs(config.tlsCaKey, config.tlsCaCertificate)) {
    mistakes.push({
      key: "tlsCaKey",
      message: "does not belong to tlsCaCertificate, the first certificate in it: set the two of one CA",
    });
  }
  return mistakes;
}
