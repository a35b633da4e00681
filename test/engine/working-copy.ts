import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { projectRoot } from "../../cli/paths";
import { files } from "../../package.json";

/** Packages that a test may change are copies. All others are links. */
const copied = new Set(["@pulumi/pulumi", "esbuild"]);

/** A copy of this repository's program, from which tests can remove parts. */
export class WorkingCopy {
  private constructor(readonly folder: string) {}

  static async make(folder: string): Promise<WorkingCopy> {
    const sources = files.filter((file) => !["dist", "plugin"].includes(file));
    for (const file of [...sources, "package.json"]) {
      await cp(join(projectRoot, file), join(folder, file), { recursive: true });
    }
    const packages = join(projectRoot, "node_modules");
    for (const name of await packageNames(packages)) {
      const target = join(folder, "node_modules", name);
      await mkdir(dirname(target), { recursive: true });
      if (copied.has(name)) await cp(join(packages, name), target, { recursive: true });
      else await symlink(join(packages, name), target, "junction");
    }
    return new WorkingCopy(folder);
  }

  path(...names: string[]): string {
    return join(this.folder, ...names);
  }

  remove(...names: string[]): Promise<void> {
    return rm(this.path(...names), { recursive: true, force: true });
  }

  write(text: string, ...names: string[]): Promise<void> {
    return writeFile(this.path(...names), text);
  }

  async edit(change: (text: string) => string, ...names: string[]): Promise<void> {
    const before = await readFile(this.path(...names), "utf8");
    const after = change(before);
    if (after === before) throw new Error(`${names.join("/")} is not as the test expects it`);
    await this.write(after, ...names);
  }
}

async function packageNames(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith("."));
  const nested = names.map(async (name) =>
    name.startsWith("@") ? (await readdir(join(folder, name))).map((below) => `${name}/${below}`) : [name],
  );
  return (await Promise.all(nested)).flat();
}
