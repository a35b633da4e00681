import { execFile } from "node:child_process";
import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { build as compile } from "esbuild";
import { z } from "zod";
import { projectRoot } from "../../cli/paths";
import { checkOut, oldestWith } from "./earlier-commit";

const run = promisify(execFile);
const limitMs = 180_000;

const manifest = z.object({
  name: z.string(),
  version: z.string(),
  dependencies: z.record(z.string(), z.string()),
  files: z.array(z.string()),
});

/** `npm test` packs once for all test files. A file that runs alone packs by itself. */
export const tarballVariable = "PACKED_TARBALL";

/** Packs the package as for npm. Returns the path of the tarball. */
export async function pack(folder: string): Promise<string> {
  return process.env[tarballVariable] ?? (await build(folder));
}

/** Packs a copy, because tests read the source at the same time. */
export async function build(folder: string): Promise<string> {
  const { name, version, files } = await ownManifest();
  const copy = join(folder, "source");
  const sources = [
    // Created by `npm pack`.
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

/** The first version with a command, as npm would have installed it; esbuild compiles it without a check of its types. */
export async function installFirst(target: string): Promise<void> {
  await checkOut(await oldestWith("cli/package-cli.ts"), target);
  const sources = await Promise.all(
    ["components", "config", "providers"].map(async (folder) => {
      const names = await readdir(join(target, folder), { recursive: true });
      return names.filter((name) => name.endsWith(".ts")).map((name) => join(folder, name));
    }),
  );
  await compile({
    absWorkingDir: target,
    entryPoints: ["index.ts", "library.ts", ...sources.flat()],
    outdir: "dist",
    outbase: ".",
    platform: "node",
    target: "node20",
    format: "cjs",
  });
  // TypeScript in a project looks for them.
  for (const name of ["index", "library"])
    await writeFile(join(target, "dist", `${name}.d.ts`), "export {};\n");
  await cp(join(target, "providers", "runtime", "plugin"), join(target, "plugin"), { recursive: true });
  // It is bundled with packages that only a clone has.
  const link = join(target, "node_modules");
  await symlink(join(projectRoot, "node_modules"), link, "junction");
  await run(process.execPath, [join("cli", "bundle.mjs")], { cwd: target, timeout: limitMs });
  await rm(link);
}

/** Links only the packages that the package declares, as an installation would. */
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
