import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { z } from "zod";
import { projectRoot } from "../../cli/paths";

const bom = z.looseObject({
  metadata: z.looseObject({ component: z.looseObject({ name: z.string() }) }),
  components: z.array(z.looseObject({ name: z.string(), hashes: z.array(z.unknown()).default([]) })),
});
const lockFile = z.object({
  packages: z.record(z.string(), z.looseObject({ dev: z.boolean().default(false) })),
});
const { packages } = lockFile.parse(JSON.parse(readFileSync(join(projectRoot, "package-lock.json"), "utf8")));

test("the bill of materials lists each package that users install, and those in the command, but no build tool", () => {
  const folder = mkdtempSync(join(tmpdir(), "sbom-"));
  try {
    const file = join(folder, "sbom.json");
    execFileSync(process.execPath, ["cli/build/sbom.mjs", file], { cwd: projectRoot });
    const { metadata, components } = bom.parse(JSON.parse(readFileSync(file, "utf8")));
    assert.equal(metadata.component.name, "proxmox-authentik-sso");
    const listed = components.map(({ name }) => name);
    const missing = Object.entries(packages)
      .filter(([path, { dev }]) => path !== "" && !dev)
      .map(([path]) => path.split("node_modules/").at(-1) ?? "")
      .filter((name) => !listed.includes(name));
    assert.deepEqual(missing, []);
    for (const name of ["commander", "yaml", "@clack/prompts"]) assert.ok(listed.includes(name), name);
    assert.deepEqual(
      listed.filter((name) =>
        ["esbuild", "tsx", "@biomejs/biome", "playwright-core", "dockerode"].includes(name),
      ),
      [],
    );
    assert.deepEqual(
      components.filter(({ hashes }) => hashes.length === 0),
      [],
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
