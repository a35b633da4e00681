import { cp, mkdir, readdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { filesOf } from "../new/files";
import { sourceOf } from "../new/source";
import { packageRoot } from "../paths";
import { passThrough } from "../system/process";

export interface NewOptions {
  package?: string;
  workflows?: boolean;
  template?: boolean;
  install: boolean;
}

/** Creates a small Pulumi project that depends on this package, in an empty directory. */
export async function newProject(folder: string, options: NewOptions): Promise<number> {
  const target = resolve(folder);
  const present = await readdir(target).catch(() => []);
  if (present.length > 0) throw new Error(`${target} is not empty. Choose a folder that does not exist yet.`);
  await mkdir(target, { recursive: true });
  const source = options.package ?? sourceOf(packageRoot);
  for (const [name, text] of Object.entries(filesOf(source, options.template ?? false))) {
    await writeFile(join(target, name), text);
  }
  if (options.workflows) {
    await cp(join(packageRoot, "docs", "ci", "github"), join(target, ".github", "workflows"), {
      recursive: true,
    });
  }
  if (options.template) {
    console.log(`${target} is a template now: pulumi new ${folder}`);
    return 0;
  }
  if (options.install) {
    const shell = process.platform === "win32";
    const status = await passThrough("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd: target,
      shell,
    });
    if (status !== 0) {
      console.error(
        `npm could not install what ${target} needs. Fix what it says above, then run npm install there, and npm run init. ` +
          "If npm does not find this package, run new again in another folder, with --package <tarball>.",
      );
      return status;
    }
  }
  console.log(`
${target} is a Pulumi project now. Next
  cd ${folder}${options.install ? "" : " && npm install"}
  npm run init     asks for your servers, previews, and creates everything
Later
  npm update && pulumi preview     a new version of the package
`);
  return 0;
}
