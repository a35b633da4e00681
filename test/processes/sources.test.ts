import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, suite, test } from "node:test";
import { projectRoot } from "../../cli/paths";

const folders: string[] = [];
let project: string;

/** A project like this one, with sources that record when they are loaded. */
async function newProject(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "load-"));
  folders.push(folder);
  await mkdir(join(folder, "node_modules"));
  for (const name of ["esbuild", "@pulumi", "@npmcli"]) {
    await symlink(join(projectRoot, "node_modules", name), join(folder, "node_modules", name), "junction");
  }
  for (const name of ["providers/runtime", "tsconfig.json"]) {
    await cp(join(projectRoot, name), join(folder, name), { recursive: true });
  }
  await writeFile(join(folder, "main.ts"), 'export { answer } from "./answer";');
  await writeFile(join(folder, "answer.ts"), "export const answer: string = 'first';");
  return folder;
}

/** In a separate process, as in Pulumi. */
function evaluate(expression: string): string {
  return execFileSync(process.execPath, ["-p", expression], { cwd: project, encoding: "utf8" }).trim();
}

function load(): string {
  return evaluate('require("./providers/runtime/sources.cjs").load("./main.ts").answer');
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
    // A source that changes during bundling is not kept. These are older.
    await new Promise((resolve) => setTimeout(resolve, 20));
  });

  test("until a source changes", async () => {
    assert.equal(load(), "first");
    const file = await kept();
    await writeFile(file, (await readFile(file, "utf8")).replace('"first"', '"kept!"'));
    assert.equal(load(), "kept!");
    await writeFile(join(project, "answer.ts"), "export const answer: string = 'second';");
    assert.equal(load(), "second");
  });

  test("unless it is damaged", async () => {
    load();
    const file = await kept();
    const content = await readFile(file, "utf8");
    for (const damaged of [content.slice(0, 100), content.slice(0, -100), ""]) {
      await writeFile(file, damaged);
      assert.equal(load(), "first");
    }
  });

  test("for its own folder only, even if another one shares the packages", async () => {
    load();
    const file = await kept();
    const code = await readFile(file, "utf8");
    await writeFile(
      file,
      code.replace(JSON.stringify(project), '"/elsewhere"').replace('"first"', '"other"'),
    );
    assert.equal(load(), "first");
  });

  test("if the folder is writable; otherwise it is created each time", async () => {
    await writeFile(join(project, "node_modules", ".cache"), "no folder");
    assert.equal(load(), "first");
    assert.equal(load(), "first");
  });
});

suite("what V8 has compiled is kept with the bundle", () => {
  /** Whether V8 accepts the cached code. The process runs long enough to write it if there is none. */
  const isTaken = `let script; const vm = require("node:vm");
    vm.Script = class extends vm.Script { constructor(...args) { super(...args); script = this; } };
    const { answer } = require("./providers/runtime/sources.cjs").load("./main.ts");
    setTimeout(() => {}, 700); answer + ", rejected: " + script.cachedDataRejected`;

  beforeEach(async () => {
    project = await newProject();
    await new Promise((resolve) => setTimeout(resolve, 20));
  });

  test("and loaded from then on", async () => {
    assert.equal(evaluate(isTaken), "first, rejected: undefined");
    const { size } = await stat(await kept());
    assert.equal(evaluate(isTaken), "first, rejected: false");
    assert.equal((await stat(await kept())).size, size);
  });

  test("and compiled again if it is from another version of V8, or damaged", async () => {
    evaluate(isTaken);
    const file = await kept();
    const whole = await readFile(file);
    // The first bytes contain V8's version.
    const begin = Number(/"length":(\d+)/.exec(whole.toString("latin1"))?.[1]) + whole.indexOf("\n") + 1;
    await writeFile(file, Buffer.from(whole).fill(1, begin, begin + 16));
    assert.equal(evaluate(isTaken), "first, rejected: true");
    assert.equal(evaluate(isTaken), "first, rejected: false");
  });
});

suite("modules that Pulumi's SDK loads and this program does not need are loaded on their first use", () => {
  for (const [file, use] of [
    ["typescript.js", 'require("@pulumi/pulumi/typescript-shim").version'],
    ["arborist/lib/arborist/index.js", 'require("@npmcli/arborist").Arborist.name'],
    ["pulumi/automation/localWorkspace.js", 'require("@pulumi/pulumi").automation.LocalWorkspace.name'],
  ]) {
    test(`${file}`, async () => {
      project = await newProject();
      const isLoaded = `Object.keys(require.cache).some((path) => path.endsWith(${JSON.stringify(file)}))`;
      const script = `require("./providers/runtime/unused.cjs").withoutUnused(); require("@pulumi/pulumi"); const before = ${isLoaded};
        const used = ${use}; [before, typeof used, ${isLoaded}].join(" ")`;
      assert.equal(evaluate(script), "false string true");
    });
  }
});
