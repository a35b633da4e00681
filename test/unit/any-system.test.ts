import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { before, suite, test } from "node:test";
import { build } from "esbuild";
import { projectRoot } from "../../cli/paths";
import { mountType } from "../../components/stack/service";

suite("preview, up, refresh and destroy need only Node.js, so they run on Windows and macOS", () => {
  const runtime = join(projectRoot, "providers", "runtime");
  const loaders = [
    "pulumi.cjs",
    "providers/runtime/plugin/pulumi-resource-pulumi-nodejs",
    ...readdirSync(runtime)
      .filter((name) => name.endsWith(".cjs"))
      .map((name) => `providers/runtime/${name}`),
  ];
  let files: string[];
  before(async () => {
    const { metafile } = await build({
      // The program, and what the plugin loads.
      entryPoints: ["index.ts", "providers/runtime/resources.ts"],
      absWorkingDir: projectRoot,
      bundle: true,
      outdir: "unwritten",
      write: false,
      metafile: true,
      platform: "node",
      packages: "external",
    });
    files = [...Object.keys(metafile.inputs), ...loaders];
  });

  test("checks the files of the program and its resources", () => {
    for (const file of ["config/load.ts", "components/stack/docker.ts", "providers/proxmox/openIdRealm.ts"]) {
      assert.ok(files.includes(file), file);
    }
  });

  test("loads nothing from cli/ and lab/", () => {
    assert.deepEqual(
      files.filter((file) => /^(cli|lab|test)\//.test(file)),
      [],
    );
  });

  test("starts no program except ssh for an ssh:// Docker host, and Pulumi's plugin", () => {
    const calls = files
      .map(source)
      .filter((text) => /["'](node:)?(child_process|worker_threads|cluster)["']/.test(text))
      .flatMap((text) => [...text.matchAll(/\b(?:spawn|exec|execFile|fork)(?:Sync)?\(([^,)]*)/g)]);
    assert.deepEqual(
      calls.map(([, command]) => command),
      ['"ssh"', "command"],
    );
  });

  test("uses no folder that only some systems have", () => {
    // /dev/shm is a folder in the containers, which always run Linux.
    for (const file of files) {
      assert.doesNotMatch(
        source(file),
        /process\.env\.(HOME|TMPDIR|SHELL|USER)\b|["'`]\/(tmp|dev(?!\/shm")|home|root)\b/,
        file,
      );
    }
  });
});

suite("a mount is a bind mount if its source is an absolute path on the Docker host's system", () => {
  for (const [mountSource, type] of [
    ["/srv/branding", "bind"],
    ["C:\\branding", "bind"],
    ["c:/branding", "bind"],
    ["branding", "volume"],
    ["c", "volume"],
  ] as const) {
    test(`${mountSource}: ${type}`, () => assert.equal(mountType(mountSource), type));
  }
});

function source(file: string): string {
  return readFileSync(join(projectRoot, file), "utf8");
}
