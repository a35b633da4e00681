import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { credentialKey } from "../providers/core/credentials";
import { withCasOfClusters } from "./clusters";
import { crossChecks, type Mistake } from "./rules";
import { caKeys, configKey, configSchema, type StackConfig, secretKeys } from "./schema";

/** Every mistake in the stack's config, in one message. */
export class ConfigError extends pulumi.RunError {
  constructor(readonly mistakes: readonly Mistake[]) {
    super(
      `The stack's configuration has ${mistakes.length} mistake${mistakes.length === 1 ? "" : "s"}:\n` +
        `${mistakes.map(({ key, message }) => `  - ${configKey(key)} ${message}`).join("\n")}\n` +
        "Set a key with `pulumi config set <key> <value>` (`--secret` for secrets); Pulumi.yaml describes them all.",
    );
  }
}

const inPlainText = "is in plain text: set it again with --secret, and take it as known to others";

/** What the engine knows of a key besides its value. */
export interface ConfigSource {
  isEncrypted(key: string): boolean;
  /** The keys in the plugin's namespace, without it. */
  readonly credentials: readonly string[];
}

/**
 * The configuration as the engine has it, checked as a whole.
 *
 * @throws ConfigError that lists every mistake at once.
 */
export function parseConfig(raw: Readonly<Record<string, string>>, source: ConfigSource): StackConfig {
  const ofClusters = source.credentials.filter(
    (key) => configKey(key) !== key && !(key in configSchema.shape),
  );
  const plain = [...secretKeys.filter((key) => raw[key]), ...ofClusters]
    .filter((key) => !source.isEncrypted(key))
    .map((key) => ({ key, message: inPlainText }));
  const isSet = (key: string) => Boolean(raw[key]) || source.credentials.includes(key);
  const parsed = configSchema.safeParse(raw);
  const mistakes = parsed.success
    ? [...plain, ...exposed(parsed.data, source), ...crossChecks(parsed.data, isSet)]
    : [...plain, ...schemaMistakes(parsed.error.issues), ...lenientChecks(raw, isSet)];
  if (!parsed.success || mistakes.length > 0) throw new ConfigError(mistakes);
  return parsed.data;
}

/** Secrets inside `clusters`: Pulumi takes the whole key for a secret where one in it is. */
function exposed({ clusters }: StackConfig, source: ConfigSource): Mistake[] {
  return Object.entries(clusters)
    .filter(([, { clientSecret }]) => clientSecret !== undefined && !source.isEncrypted("clusters"))
    .map(([name]) => ({ key: `clusters.${name}.clientSecret`, message: inPlainText }));
}

/** The stack's config as the engine hands it to the program. */
export function loadConfig(): StackConfig {
  // The engine's own list of secret keys; the SDK reads it too, but does not export it.
  const encrypted: unknown = JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS ?? "[]");
  return configFrom(
    pulumi.getProject(),
    pulumi.runtime.allConfig(),
    (key) => Array.isArray(encrypted) && encrypted.includes(key),
  );
}

/** A stack's config by full key: this project's keys, and the credentials in the plugin's namespace. */
export function configFrom(
  project: string,
  all: Readonly<Record<string, string>>,
  isEncrypted: (fullKey: string) => boolean,
): StackConfig {
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
      credentials: Object.keys(all)
        .filter((key) => key.startsWith(credentialKey("")))
        .map((key) => key.slice(credentialKey("").length)),
    },
  );
}

/** The plugin does not see a credential that stands among this project's keys: its full name is no key here. */
function nameOf(key: string, fullKey: string): string {
  return configKey(key) === key ? key : fullKey;
}

function schemaMistakes(issues: readonly z.core.$ZodIssue[]): Mistake[] {
  return issues.flatMap((issue) =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => ({
          key: [...issue.path, key].join("."),
          message: "is no key of this program",
        }))
      : [{ key: optionAt(issue.path), message: issue.message }],
  );
}

/** The key, or the option of a cluster, in which a mistake lies. */
function optionAt(path: readonly PropertyKey[]): string {
  return path.slice(0, path[0] === "clusters" ? 3 : 1).join(".");
}

/** The checks over several keys, of what is right in itself, so that nobody meets mistakes one after the other. */
function lenientChecks(raw: Readonly<Record<string, string>>, isSet: (key: string) => boolean): Mistake[] {
  const shape = configSchema.shape;
  const right = Object.entries(shape).map(([key, schema]) => {
    const result = schema.safeParse(raw[key]);
    return [key, result.success ? raw[key] : undefined] as const;
  });
  const wrong = new Set(right.filter(([key, value]) => value === undefined && raw[key]).map(([key]) => key));
  const config = configSchema.safeParse(Object.fromEntries(right));
  return config.success ? crossChecks(config.data, isSet).filter(({ key }) => !wrong.has(key)) : [];
}
