import { mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { writePrivately } from "../../cli/system/private-file";

/**
 * Pulumi writes generated values, secrets and their salt into the stack's config file. The lab uses a copy of the
 * committed file, which keeps git clean.
 */
const stackConfigFile = z.looseObject({
  config: z
    .record(z.string(), z.unknown())
    .nullish()
    .transform((config) => config ?? {}),
});

const project = "proxmox-authentik-sso";

/** Config values of this clone, without the program's namespace. */
export type LabValues = Readonly<Record<string, string | number | readonly string[]>>;

/** The config copy for this start: this lab's place, the committed values, and the values that only the copy has. */
export function mergeStackConfig(committed: string, copy: string, own: LabValues = {}): string {
  const source = stackConfigFile.parse(parse(committed) ?? {});
  const current = stackConfigFile.parse(parse(copy) ?? {});
  const named = Object.fromEntries(Object.entries(own).map(([key, value]) => [`${project}:${key}`, value]));
  return stringify({ ...current, ...source, config: { ...current.config, ...source.config, ...named } });
}

export async function refreshStackConfig(
  committedPath: string,
  copyPath: string,
  own: LabValues,
): Promise<void> {
  const copy = await readFile(copyPath, "utf8").catch(() => "");
  const merged = mergeStackConfig(await readFile(committedPath, "utf8"), copy, own);
  if (merged === copy) return;
  await mkdir(dirname(copyPath), { recursive: true });
  writePrivately(copyPath, merged);
}
