import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { parse, stringify } from "yaml";
import { z } from "zod";

/**
 * Pulumi writes secrets and their salt into the stack's config file. The lab therefore works on a copy
 * of the committed one, so that git stays clean.
 */
const stackConfigFile = z.looseObject({
  config: z
    .record(z.string(), z.unknown())
    .nullish()
    .transform((config) => config ?? {}),
});

/** The copy for this start: the committed plain values, and what only the copy has. */
export function mergeStackConfig(committed: string, copy: string): string {
  const source = stackConfigFile.parse(parse(committed) ?? {});
  const current = stackConfigFile.parse(parse(copy) ?? {});
  return stringify({ ...current, ...source, config: { ...source.config, ...secretValues(current.config) } });
}

function secretValues(config: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(config).filter(([, value]) => hasSecret(value)));
}

function hasSecret(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return "secure" in value || Object.values(value).some(hasSecret);
}

export async function refreshStackConfig(committedPath: string, copyPath: string): Promise<void> {
  const copy = await readFile(copyPath, "utf8").catch(() => "");
  const merged = mergeStackConfig(await readFile(committedPath, "utf8"), copy);
  if (merged === copy) return;
  await mkdir(dirname(copyPath), { recursive: true });
  await writeFile(copyPath, merged, { mode: 0o600 });
}
