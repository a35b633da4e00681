import { readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { z } from "zod";
import { name } from "../../package.json";

const manifest = z.object({ dependencies: z.record(z.string(), z.string()).default({}) });

/**
 * Where npm found an installed package, unless it is a release of the registry. For `npx --package ./x.tgz`, npm writes
 * a file: with a path from the folder of the installation.
 */
export function sourceOf(installed: string): string | undefined {
  const modules = dirname(installed);
  if (basename(modules) !== "node_modules") return undefined;
  const folder = dirname(modules);
  const spec = specIn(join(folder, "package.json")) ?? "";
  const [, path] = /^file:(.+)$/.exec(spec) ?? [];
  if (path !== undefined) return `file:${resolve(folder, path)}`;
  // A version or a tag has no slash. An address and a repository have one.
  return spec.includes("/") ? spec : undefined;
}

function specIn(file: string): string | undefined {
  try {
    return manifest.parse(JSON.parse(readFileSync(file, "utf8"))).dependencies[name];
  } catch {
    return undefined;
  }
}
