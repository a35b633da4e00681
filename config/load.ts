import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { json, otherProductToken } from "../components/model/forms";
import { mistakesOfForm } from "../components/model/mistakes";
import { isOtherProduct } from "../providers/accessControl/products";
import { credentialKey } from "../providers/core/credentials";
import { inWords } from "../providers/core/words";
import { productsOfForm } from "../providers/proxmox/token";
import type { ConfigMistake } from "./rules";
import { caKeys, configKey, configSchema, type StackConfig, secretKeys } from "./schema";
import { secretTexts, warningOfNames } from "./secretTexts";
import { resolveStack, type Stack } from "./stack";

/** Every mistake in the stack's config, in one message. */
export class ConfigError extends pulumi.RunError {
  constructor(readonly mistakes: readonly ConfigMistake[]) {
    super(
      `The stack's configuration has ${mistakes.length} mistake${mistakes.length === 1 ? "" : "s"}:\n` +
        `${mistakes.map(({ key, message }) => `  - ${configKey(key)} ${message}`).join("\n")}\n` +
        "Set a key with `pulumi config set <key> <value>`, and a secret with `--secret`. Pulumi.yaml describes every key.",
    );
  }
}

const inPlainText = "is in plain text: set it again with --secret, and treat it as compromised";

/** Metadata of the config keys from Pulumi's engine. */
export interface ConfigSource {
  isEncrypted(key: string): boolean;
  /** The values in the plugin's namespace, by their keys without the namespace. */
  readonly credentials: Readonly<Record<string, string>>;
}

/**
 * Parses the whole configuration.
 * @throws ConfigError with all mistakes at once
 */
export function parseConfig(raw: Readonly<Record<string, string>>, source: ConfigSource): Stack {
  const ofClusters = Object.keys(source.credentials).filter(
    (key) => configKey(key) !== key && !(key in configSchema.shape),
  );
  const plain = [...secretKeys.filter((key) => raw[key]), ...ofClusters]
    .filter((key) => !source.isEncrypted(key))
    .map((key) => ({ key, message: inPlainText }));
  const ofForm = [
    ...mistakesOfForm(configSchema.safeParse(raw, inWords).error).map(({ path, message }) => ({
      key: optionAt(path),
      message: message
        .replace("<key>", path)
        .replace("an option of this program", "a configuration key of this program"),
    })),
    ...ofClusters.flatMap((key) => inCredential(key, source.credentials[key], raw.clusters)),
  ];
  // Keys that are valid alone are then checked together.
  const right = Object.fromEntries(
    Object.entries(configSchema.shape).map(([key, form]) => [
      key,
      form.safeParse(raw[key]).success ? raw[key] : undefined,
    ]),
  );
  const config = configSchema.parse(right);
  const isSet = (key: string) => Boolean((raw[key] ?? source.credentials[key])?.trim());
  const { stack, mistakes: ofRules } = resolveStack(config, isSet);
  const wrong = new Set(ofForm.map(({ key }) => key));
  const mistakes = [
    ...plain,
    ...exposed(config, source),
    ...ofForm,
    ...ofRules.filter(({ key }) => !wrong.has(key)),
  ];
  if (stack === undefined || mistakes.length > 0) throw new ConfigError(mistakes);
  const isEncrypted = (key: string) => Boolean(raw[key]) && source.isEncrypted(key);
  return {
    ...stack,
    secretTexts: secretTexts(raw, config, isEncrypted),
    hasSecretEnvironment: isEncrypted("authentikEnvironment"),
    warning: warningOfNames(isEncrypted),
  };
}

/** Mistakes in a credential of an entry in `clusters`. */
function inCredential(key: string, value: string | undefined, clusters = "{}"): ConfigMistake[] {
  const [, cluster] = /^proxmoxToken-(.*)$/.exec(key) ?? [];
  const entry = Object(anyClusters.safeParse(clusters).data?.[cluster ?? ""]);
  const product = entry.product ?? Object(entry.proxmox).product;
  const { proxmoxToken, proxmoxPassword } = configSchema.shape;
  const tokenForm = isOtherProduct(product) ? otherProductToken() : proxmoxToken;
  const form = cluster === undefined ? proxmoxPassword : tokenForm;
  const products = cluster === undefined ? undefined : productsOfForm(value ?? "");
  const hint = products ? `. It has the form of ${products}: check \`clusters.${cluster}.product\`` : "";
  return mistakesOfForm(form.safeParse(value, inWords).error).map(({ message }) => ({
    key,
    message: message + hint,
  }));
}

/** The config key, or the option of a cluster, that contains a mistake. */
function optionAt(path: string): string {
  const steps = path.split(".");
  return steps.slice(0, steps[0] === "clusters" ? 3 : 1).join(".");
}

/** Client secrets in `clusters` in plain text. One secret inside makes Pulumi treat the whole key as secret. */
function exposed({ clusters }: StackConfig, source: ConfigSource): ConfigMistake[] {
  return Object.entries(clusters)
    .filter(([, { clientSecret }]) => clientSecret !== undefined && !source.isEncrypted("clusters"))
    .map(([name]) => ({ key: `clusters.${name}.clientSecret`, message: inPlainText }));
}

/** Loads the stack's config in the program. */
export function loadConfig(): Stack {
  // The list of secret keys from Pulumi's engine. The SDK reads the variable but does not export it.
  const encrypted: unknown = JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS ?? "[]");
  return configFrom(
    pulumi.getProject(),
    pulumi.runtime.allConfig(),
    (key) => Array.isArray(encrypted) && encrypted.includes(key),
  );
}

/** Parses a stack's config by full key: this project's keys, and the credentials in the plugin's namespace. */
export function configFrom(
  project: string,
  all: Readonly<Record<string, string>>,
  isEncrypted: (fullKey: string) => boolean,
): Stack {
  const prefix = `${project}:`;
  const own = Object.keys(all).filter((key) => key.startsWith(prefix));
  const named = new Map(own.map((key) => [nameOf(key.slice(prefix.length), key), key]));
  for (const key of Object.keys(configSchema.shape)) {
    const fullKey = configKey(key);
    if (fullKey !== key && all[fullKey] !== undefined) named.set(key, fullKey);
  }
  for (const key of caKeys) {
    const fullKey = credentialKey(key);
    if (all[fullKey] !== undefined) named.set(key, fullKey);
  }
  const raw = Object.fromEntries([...named].map(([key, fullKey]) => [key, all[fullKey] ?? ""]));
  return parseConfig(
    { ...raw, ...(raw.clusters && { clusters: withCasOfClusters(raw.clusters, all) }) },
    {
      isEncrypted: (key) => isEncrypted(named.get(key) ?? configKey(key)),
      credentials: Object.fromEntries(
        Object.entries(all)
          .filter(([key]) => key.startsWith(credentialKey("")))
          .map(([key, value]) => [key.slice(credentialKey("").length), value]),
      ),
    },
  );
}

/** The plugin cannot read a credential among this project's keys. Its full name makes it an unknown key here. */
function nameOf(key: string, fullKey: string): string {
  return configKey(key) === key ? key : fullKey;
}

const anyClusters = json(z.record(z.string(), z.looseObject({})));

/** The config may set a cluster's CA next to its token, as `proxmoxCa-<name>` (see `caKeys`). */
function withCasOfClusters(clusters: string, all: Readonly<Record<string, string>>): string {
  const parsed = anyClusters.safeParse(clusters);
  if (!parsed.success) return clusters;
  const complete = Object.entries(parsed.data).map(([name, cluster]) => {
    const ca = all[credentialKey(`proxmoxCa-${name}`)];
    return [name, ca ? { ...cluster, ca } : cluster];
  });
  return JSON.stringify(Object.fromEntries(complete));
}
