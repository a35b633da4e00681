import { type ConfigSource, parseConfig } from "../../../config/load";
import type { Stack } from "../../../config/stack";

/** The least that a stack with an existing authentik needs. */
export const existing: Readonly<Record<string, string>> = {
  authentikUrl: "https://auth.example.com",
  deployAuthentik: "false",
  authentikToken: "a-token",
  proxmoxAddresses: '["https://pve.example.com:8006"]',
  proxmoxToken: "sso@pve!pulumi=11111111-2222-3333-4444-555555555555",
  allowEveryone: "true",
};

/** The least that a stack with authentik on Docker needs. */
export const deployed: Readonly<Record<string, string>> = {
  ...existing,
  deployAuthentik: "true",
  authentikSecretKey: "a-secret-key",
  authentikBootstrapPassword: "a-password",
  postgresPassword: "another-password",
};

const allEncrypted: ConfigSource = { isEncrypted: () => true, credentials: [] };

export function parse(config: Record<string, string>, source: Partial<ConfigSource> = {}): Stack {
  return parseConfig(config, { ...allEncrypted, ...source });
}

/** Every mistake that the config has, a line each. */
export function mistakesOf(config: Record<string, string>, source?: Partial<ConfigSource>): string[] {
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
