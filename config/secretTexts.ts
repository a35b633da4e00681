import { z } from "zod";
import { hostOf, isLoopback, parseUrl } from "../providers/http/host";
import { configKey, isSecretKey, type StackConfig } from "./schema";

/** Pulumi marks all of `clusters` as secret if one value is. Its client secrets are handled separately. */
const seenToElsewhere = ["authentikEnvironment", "clusters"];

/**
 * All texts in keys that the user encrypted, as written and as the program reads them. Pulumi does not say which part
 * of a key is secret.
 */
export function secretTexts(
  raw: Readonly<Record<string, string>>,
  config: StackConfig,
  isEncrypted: (key: string) => boolean,
): string[] {
  const read: Readonly<Record<string, unknown>> = config;
  const texts = Object.entries(raw)
    .filter(([key]) => isEncrypted(key) && !isSecretKey(key) && configKey(key) === key)
    .filter(([key]) => !seenToElsewhere.includes(key))
    .flatMap(([key, value]) => [...textsIn(parsed(value)), ...textsIn(read[key])]);
  return [...new Set(texts.flatMap((text) => [text, ...hostIn(text)]))];
}

/** JSON of several values or a switch. Any other value is text: also a name that has only digits. */
function parsed(value: string): unknown {
  try {
    const json: unknown = JSON.parse(value);
    return typeof json === "number" ? value : json;
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

/** The host in an address. Other addresses and the names of certificates contain it. */
function hostIn(text: string): string[] {
  const url = text.includes("://") ? parseUrl(text) : undefined;
  return url && !isLoopback(url) ? [hostOf(url)] : [];
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
