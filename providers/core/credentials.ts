import { UserError } from "./errors";

/** The config namespace of the plugin that runs dynamic resources. */
export const credentialNamespace = "pulumi-nodejs";

/** The full name of a credential's key, for `pulumi config set`. */
export function credentialKey(key: string): string {
  return `${credentialNamespace}:${key}`;
}

/**
 * Config that Pulumi's engine passes to `configure`. At `up` it is the stack's current config, at refresh and
 * destroy the config of the last `up`.
 */
interface EngineConfig {
  get(key: string): string | undefined;
}

/**
 * Credentials by the stack config key that holds them. Resources store only the key.
 * The engine starts the plugin with the current, decrypted config of the plugin's own namespace in PULUMI_CONFIG
 * (pulumi/pkg host.go, `Provider`). At refresh and destroy, `configure` gets the old config of the state, whose
 * tokens may have been revoked since. This class therefore reads only PULUMI_CONFIG.
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
   * @param read converts the configured text
   * @throws UserError with the command that sets the missing key
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

  /** Every credential handed out so far. Messages must not contain them. */
  get used(): Iterable<string> {
    return this.#used;
  }
}

/** The config of the plugin's own namespace, by key without the namespace. */
export function pluginConfig(json = process.env.PULUMI_CONFIG): Readonly<Record<string, string>> {
  return json ? JSON.parse(json) : {};
}
