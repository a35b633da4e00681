import { UserError } from "./errors";

/** What the engine hands to `configure`: today's stack config, secrets decrypted. */
export interface StackConfig {
  get(key: string): string | undefined;
}

/**
 * Credentials by the name of the stack config key that holds them. Resources keep only the name, so the state
 * remembers no credential, and a rotated one counts at once for refresh, update and destroy.
 */
export class Credentials {
  readonly #config: StackConfig;
  readonly #used = new Set<string>();

  constructor(config: StackConfig) {
    this.#config = config;
  }

  /** @throws UserError that says which command sets the missing key. */
  require(key: string): string {
    const value = this.#config.get(key)?.trim();
    if (!value) {
      throw new UserError(
        `The stack config has no "${key}". Set it with: pulumi config set --secret ${key}` +
          " (npm run credentials generates those that can be generated).",
      );
    }
    this.#used.add(value);
    return value;
  }

  /** Every credential handed out so far, to keep them out of messages. */
  get used(): Iterable<string> {
    return this.#used;
  }
}
