import { type ConfigSource, parseConfig } from "../../../config/load";
import type { Stack } from "../../../config/stack";

/** The minimal config of a stack with an existing authentik. */
export const existing: Readonly<Record<string, string>> = {
  authentikUrl: "https://auth.example.com",
  deployAuthentik: "false",
  authentikToken: "a-token",
  proxmoxAddresses: '["https://pve.example.com:8006"]',
  proxmoxToken: "sso@pve!pulumi=11111111-2222-3333-4444-555555555555",
  allowEveryone: "true",
};

/** The minimal config of a stack with authentik on Docker. */
export const deployed: Readonly<Record<string, string>> = {
  ...existing,
  deployAuthentik: "true",
  authentikSecretKey: "a-secret-key",
  authentikBootstrapPassword: "a-password",
  postgresPassword: "another-password",
};

/** The engine's config, with valid credentials of these names. */
interface Source extends Partial<Omit<ConfigSource, "credentials">> {
  readonly credentials?: readonly string[];
  /** Replaces these values. */
  readonly values?: Readonly<Record<string, string>>;
}

export function parse(config: Record<string, string>, source: Source = {}): Stack {
  const { isEncrypted = () => true, credentials = [], values = {} } = source;
  const right = Object.fromEntries(credentials.map((key) => [key, existing.proxmoxToken ?? ""]));
  return parseConfig(config, { isEncrypted, credentials: { ...right, ...values } });
}

/** Every mistake in the config, one per line. */
export function mistakesOf(config: Record<string, string>, source?: Source): string[] {
  try {
    parse(config, source);
    return [];
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return error.message
      .split("\n")
      .filter((line) => line.startsWith("  - "))
      .map((line) => line.slice(4));
  }
}
