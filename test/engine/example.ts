import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../../cli/paths";
import { caPem } from "../unit/config/certificates";

const folder = join(projectRoot, "examples", "config");
const project = "proxmox-authentik-sso:";

export function exampleText(file: string): string {
  // The example has a placeholder for a certificate.
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
 * @param instead the lab's values for keys or values of the example
 */
export function exampleConfig(file: string, instead: Record<string, string> = {}): Record<string, string> {
  const { config } = parse(exampleText(file));
  const plain = Object.entries(config).flatMap(([key, value]) => flatten(value, key.replace(project, "")));
  const known = new Set(plain.flat());
  for (const name of Object.keys(instead)) assert.ok(known.has(name), `${file} has no ${name}`);
  return Object.fromEntries(plain.map(([key, value]) => [key, instead[key] ?? instead[value] ?? value]));
}

/** Values by paths such as `a.b[0]`, for `pulumi config set-all --path`. */
function flatten(value: unknown, path: string): [string, string][] {
  if (Array.isArray(value)) return value.flatMap((item, index) => flatten(item, `${path}[${index}]`));
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([key, item]) => flatten(item, `${path}.${key}`));
  }
  return [[path, String(value)]];
}
