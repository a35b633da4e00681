import { execFile } from "node:child_process";
import { cp, mkdir, readFile, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { projectRoot } from "../../cli/paths";

const run = promisify(execFile);
const limitMs = 180_000;

const manifest = z.object({
  name: z.string(),
  version: z.string(),
  dependencies: z.record(z.string(), z.string()),
  files: z.array(z.string()),
});

/** `npm test` packs once for all test files; a file that runs alone packs for itself. */
export const tarballVariable = "PACKED_TARBALL";

/** The package as npm would publish it; the path of its tarball. */
export async function pack(folder: string): Promise<string> {
  return process.env[tarballVariable] ?? (await build(folder));
}

/** Packs a copy, since tests read the source at the same time. */
export async function build(folder: string): Promise<string> {
  const { name, version, files } = await ownManifest();
  const copy = join(folder, "source");
  const sources = [
    // Made when it is packed.
    ...files.filter((file) => !["dist", "plugin"].includes(file)),
    // Bundled into the package's command.
    "cli",
    "lab",
    "package.json",
    "tsconfig.build.json",
    "README.md",
    "LICENSE",
  ];
  for (const file of sources) await cp(join(projectRoot, file), join(copy, file), { recursive: true });
  await symlink(join(projectRoot, "node_modules"), join(copy, "node_modules"), "junction");
  const npm = process.env.npm_execpath;
  const [command, first] = npm ? [process.execPath, [npm]] : ["npm", []];
  await run(command, [...first, "pack", "--pack-destination", folder], { cwd: copy, timeout: limitMs });
  return join(folder, `${name}-${version}.tgz`);
}

export async function unpack(tarball: string, target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  await run("tar", ["-xzf", tarball, "-C", target, "--strip-components=1"], { timeout: limitMs });
}

/** The packages that the package declares to need, and no others but these, as an installation would bring them. */
export async function linkDependencies(project: string, ...others: string[]): Promise<void> {
  const { dependencies } = await ownManifest();
  for (const name of [...Object.keys(dependencies), ...others]) {
    const link = join(project, "node_modules", name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(projectRoot, "node_modules", name), link, "junction");
  }
}

async function ownManifest() {
  return manifest.parse(JSON.parse(await readFile(join(projectRoot, "package.json"), "utf8")));
}
