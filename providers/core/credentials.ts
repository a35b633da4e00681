import { UserError } from "./errors";

/** The config namespace of the plugin that runs dynamic resources. */
export const credentialNamespace = "pulumi-nodejs";

/** A credential's key as `pulumi config set` takes it. */
export function credentialKey(key: string): string {
  return `${credentialNamespace}:${key}`;
}

/** Config as the engine hands it to `configure`: at `up` the stack's own, at refresh and destroy that of the last `up`. */
export interface EngineConfig {
  get(key: string): string | undefined;
}

/**
 * Credentials by the name of the stack config key that holds them; resources keep only the name.
 *
 * The engine starts the plugin with today's values of the config keys in the plugin's own namespace, decrypted,
 * in PULUMI_CONFIG (pulumi/pkg host.go, `Provider`). Only these count at refresh and destroy too: what
 * `configure` gets there comes out of the state, with tokens that may have been revoked since.
 */
export class Credentials {
  readonly #today: Readonly<Record<string, string>>;
  readonly #configured: EngineConfig;
  readonly #used = new Set<string>();

  constructor(configured: EngineConfig, today = pluginConfig()) {
    this.#configured = configured;
    this.#today = today;
  }

  /**
   * @param read what the given text stands for
   * @throws UserError that says which command sets the missing key.
   */
  require(key: string, read: (given: string, configKey: string) => string = (given) => given): string {
    const fullKey = credentialKey(key);
    const value = (this.#today[key] ?? this.#configured.get(fullKey))?.trim();
    if (!value) {
      throw new UserError(
        `The stack config has no "${fullKey}". Set it with: pulumi config set --secret ${fullKey}` +
          " (npm run credentials generates those that can be generated).",
      );
    }
    this.#used.add(value);
    const credential = read(value, fullKey);
    this.#used.add(credential);
    return credential;
  }

  /** Every credential handed out so far, to keep them out of messages. */
  get used(): Iterable<string> {
    return this.#used;
  }
}

/** The config of the plugin's own namespace, by key without it. */
export function pluginConfig(json = process.env.PULUMI_CONFIG): Readonly<Record<string, string>> {
  return json ? JSON.parse(json) : {};
}
