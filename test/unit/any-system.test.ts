import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { before, suite, test } from "node:test";
import { build } from "esbuild";
import { projectRoot } from "../../cli/paths";
import { mountType } from "../../components/stack/service";

suite("preview, up, refresh and destroy need Node.js alone, as Windows and macOS have it", () => {
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

  test("the files looked at are those of the program and its resources", () => {
    for (const file of ["config/load.ts", "components/stack/docker.ts", "providers/proxmox/openIdRealm.ts"]) {
      assert.ok(files.includes(file), file);
    }
  });

  test("nothing of cli/ and lab/ is loaded", () => {
    assert.deepEqual(
      files.filter((file) => /^(cli|lab|test)\//.test(file)),
      [],
    );
  });

  test("no program is started but ssh, for a Docker host by ssh, and Pulumi's own plugin", () => {
    const calls = files
      .map(source)
      .filter((text) => /["'](node:)?(child_process|worker_threads|cluster)["']/.test(text))
      .flatMap((text) => [...text.matchAll(/\b(?:spawn|exec|execFile|fork)(?:Sync)?\(([^,)]*)/g)]);
    assert.deepEqual(
      calls.map(([, command]) => command),
      ['"ssh"', "command"],
    );
  });

  test("no folder is taken that only some systems have", () => {
    // /dev/shm is a folder of the containers, which are Linux everywhere.
    for (const file of files) {
      assert.doesNotMatch(
        source(file),
        /process\.env\.(HOME|TMPDIR|SHELL|USER)\b|["'`]\/(tmp|dev(?!\/shm")|home|root)\b/,
        file,
      );
    }
  });
});

suite("a mount is a folder of the Docker host where it is absolute there, whatever system that is", () => {
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
