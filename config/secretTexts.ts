import { z } from "zod";
import { configKey, isSecretKey, type StackConfig } from "./schema";

/** Pulumi marks all of `clusters` as secret if one value is. Its client secrets are handled separately. */
const seenToElsewhere = ["authentikEnvironment", "clusters"];

/** All texts in keys that the user encrypted. Pulumi does not say which part of a key is secret. */
export function secretTexts(
  raw: Readonly<Record<string, string>>,
  isEncrypted: (key: string) => boolean,
): string[] {
  return Object.entries(raw)
    .filter(([key]) => isEncrypted(key) && !isSecretKey(key) && configKey(key) === key)
    .filter(([key]) => !seenToElsewhere.includes(key))
    .flatMap(([, value]) => textsIn(parsed(value)));
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

const nested = z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]);

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value.trim()];
  const { data } = nested.safeParse(value);
  return data ? Object.values(data).flatMap(textsIn) : [];
}

/** Keys whose values are part of resource names and ids. Pulumi stores those in plain text. */
export const namingKeys = [
  "authentikUrl",
  "authentikApiUrl",
  "authentikImage",
  "postgresImage",
  "redisImage",
  "postgresHost",
  "prefix",
  "databaseVolume",
  "proxmoxNodeAddress",
  "realm",
  "applicationName",
  "applicationSlug",
  "access",
  "roles",
] as const satisfies readonly (keyof StackConfig)[];

/** Warning for such a key that is encrypted. */
export function warningOfNames(isEncrypted: (key: string) => boolean): string | undefined {
  const keys = namingKeys.filter(isEncrypted);
  if (keys.length === 0) return undefined;
  return `Encrypted, but also in the names and ids of resources, which Pulumi stores in plain text: ${keys.join(", ")}. Everybody who can read the state can read these values.`;
}
