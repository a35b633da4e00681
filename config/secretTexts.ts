import { z } from "zod";
import { configKey, isSecretKey, type StackConfig } from "./schema";

/** Of `clusters`, the client secrets are secrets by themselves; Pulumi takes the whole key for one then. */
const seenToElsewhere = ["authentikEnvironment", "clusters"];

/** The texts in keys that are secrets by the user's choice, as all of such a key: Pulumi does not tell which is. */
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

/** Keys whose values stand in names and ids of resources, which Pulumi keeps in plain text. */
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

/** What to say where one of these is a secret. */
export function warningOfNames(isEncrypted: (key: string) => boolean): string | undefined {
  const keys = namingKeys.filter(isEncrypted);
  if (keys.length === 0) return undefined;
  return `Set with --secret, but in the names and ids of resources, which Pulumi keeps in plain text: ${keys.join(", ")}. Take the values as known to whoever reads the state.`;
}
