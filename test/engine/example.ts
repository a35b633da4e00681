import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../../cli/paths";
import { caPem } from "../unit/config/certificates";

const folder = join(projectRoot, "examples", "config");
const project = "proxmox-authentik-sso:";

export function exampleText(file: string): string {
  // The text of a certificate is left to the reader.
  return readFileSync(join(folder, file), "utf8").replace(
    /^( *)-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/gm,
    (_, indent) => caPem.replace(/^/gm, indent),
  );
}

export function exampleFiles(): string[] {
  return readdirSync(folder).filter((name) => name.endsWith(".yaml"));
}

/**
 * An example's config.
 *
 * @param instead by keys or whole values of the example: what the lab has in their place
 */
export function exampleConfig(file: string, instead: Record<string, string> = {}): Record<string, string> {
  const { config } = parse(exampleText(file));
  const plain = Object.entries(config).flatMap(([key, value]) => flatten(value, key.replace(project, "")));
  const known = new Set(plain.flat());
  for (const name of Object.keys(instead)) assert.ok(known.has(name), `${file} has no ${name}`);
  return Object.fromEntries(plain.map(([key, value]) => [key, instead[key] ?? instead[value] ?? value]));
}

/** `a.b[0]` paths with texts, as `pulumi config set-all --path` takes them. */
function flatten(value: unknown, path: string): [string, string][] {
  if (Array.isArray(value)) return value.flatMap((item, index) => flatten(item, `${path}[${index}]`));
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([key, item]) => flatten(item, `${path}.${key}`));
  }
  return [[path, String(value)]];
}
