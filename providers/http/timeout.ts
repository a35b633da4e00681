import { credentialKey, pluginConfig } from "../core/credentials";
import { UserError } from "../core/errors";

/** Slightly longer than the 30 s after which Proxmox gives up on its own daemon. */
const usualSeconds = 35;
const mostSeconds = 600;
const key = "timeoutSeconds";
export const timeoutKey = credentialKey(key);

/**
 * The longest wait for an answer. It is in the credentials' namespace, so a change also applies at refresh and
 * destroy.
 */
export function timeoutMilliseconds(config = pluginConfig()): number {
  const given = config[key] ?? String(usualSeconds);
  const seconds = Number(given);
  if (seconds > 0 && seconds <= mostSeconds) return seconds * 1000;
  throw new UserError(
    `"${timeoutKey}" is "${given}", and must be a number of seconds, at most ${mostSeconds}. ` +
      `Set it with: pulumi config set ${timeoutKey} ${usualSeconds}`,
  );
}
