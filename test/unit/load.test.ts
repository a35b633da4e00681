import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, suite, test } from "node:test";
import { projectRoot } from "../../scripts/paths";

const folders: string[] = [];
let project: string;

/** A project like this one, whose sources say what is to be loaded. */
async function newProject(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "load-"));
  folders.push(folder);
  await mkdir(join(folder, "node_modules"));
  for (const name of ["esbuild", "@pulumi", "@npmcli"]) {
    await symlink(join(projectRoot, "node_modules", name), join(folder, "node_modules", name), "junction");
  }
  for (const file of ["load.cjs", "tsconfig.json"])
    await copyFile(join(projectRoot, file), join(folder, file));
  await writeFile(join(folder, "main.ts"), 'export { answer } from "./answer";');
  await writeFile(join(folder, "answer.ts"), "export const answer: string = 'first';");
  return folder;
}

/** In a process of its own, as Pulumi does it. */
function evaluate(expression: string): string {
  return execFileSync(process.execPath, ["-p", expression], { cwd: project, encoding: "utf8" }).trim();
}

function load(): string {
  return evaluate('require("./load.cjs").load("./main.ts").answer');
}

function cacheFolder(): string {
  return join(project, "node_modules", ".cache", "proxmox-authentik-sso");
}

async function kept(): Promise<string> {
  assert.deepEqual(await readdir(cacheFolder()), ["main.ts.cjs"]);
  return join(cacheFolder(), "main.ts.cjs");
}

after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

suite("TypeScript sources are bundled, and the bundle is kept", () => {
  beforeEach(async () => {
    project = await newProject();
    // A source that is changed while it is bundled is not kept; these are from before.
    await new Promise((resolve) => setTimeout(resolve, 20));
  });

  test("until a source changes", async () => {
    assert.equal(load(), "first");
    const file = await kept();
    await writeFile(file, (await readFile(file, "utf8")).replace('"first"', '"from the kept one"'));
    assert.equal(load(), "from the kept one");
    await writeFile(join(project, "answer.ts"), "export const answer: string = 'second';");
    assert.equal(load(), "second");
  });

  test("unless it is damaged", async () => {
    load();
    const file = await kept();
    await writeFile(file, (await readFile(file, "utf8")).slice(0, 100));
    assert.equal(load(), "first");
  });

  test("for its own folder only, although another one may share the packages", async () => {
    load();
    const file = await kept();
    const code = await readFile(file, "utf8");
    await writeFile(
      file,
      code.replace(JSON.stringify(project), '"/elsewhere"').replace('"first"', '"foreign"'),
    );
    assert.equal(load(), "first");
  });

  test("where it can be; else it is made each time", async () => {
    await writeFile(join(project, "node_modules", ".cache"), "no folder");
    assert.equal(load(), "first");
    assert.equal(load(), "first");
  });
});

suite("what Pulumi needs to serialise functions is loaded when something uses it, and not before", () => {
  for (const [file, use] of [
    ["typescript.js", 'require("@pulumi/pulumi/typescript-shim").version'],
    ["arborist/lib/arborist/index.js", 'require("@npmcli/arborist").Arborist.name'],
  ]) {
    test(`${file}`, async () => {
      project = await newProject();
      const isLoaded = `Object.keys(require.cache).some((path) => path.endsWith(${JSON.stringify(file)}))`;
      const script = `require("./load.cjs").load("./main.ts"); require("@pulumi/pulumi"); const before = ${isLoaded};
        const used = ${use}; [before, typeof used, ${isLoaded}].join(" ")`;
      assert.equal(evaluate(script), "false string true");
    });
  }
});
