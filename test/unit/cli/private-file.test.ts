import assert from "node:assert/strict";
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, suite, test } from "node:test";
import { dumpTo } from "../../../cli/commands/backup";
import { projectRoot } from "../../../cli/paths";
import { ensurePrivately, writePrivately } from "../../../cli/system/private-file";

suite("a file with secrets", () => {
  let folder = "";
  let path = "";
  let other = "";

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "private-"));
    path = join(folder, "secret");
    other = join(folder, "of-another-user");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function modeOf(file: string): number {
    return statSync(file).mode & 0o777;
  }

  test("is private although it existed with a wider mode, and leaves no other file", () => {
    writeFileSync(path, "before", { mode: 0o644 });
    writePrivately(path, "now");
    assert.equal(readFileSync(path, "utf8"), "now");
    assert.equal(modeOf(path), 0o600);
    assert.throws(() => writePrivately(join(folder, "none", "secret"), "now"), /ENOENT/);
    assert.deepEqual(readdirSync(folder), ["secret"]);
  });

  test("does not follow a link", () => {
    writeFileSync(other, "theirs");
    symlinkSync(other, path);
    writePrivately(path, "now");
    assert.equal(readFileSync(other, "utf8"), "theirs");
    assert.equal(readFileSync(path, "utf8"), "now");
  });

  test("keeps its content where it is created only once, and becomes private", () => {
    writeFileSync(path, "before", { mode: 0o644 });
    ensurePrivately(path, "now");
    assert.equal(readFileSync(path, "utf8"), "before");
    assert.equal(modeOf(path), 0o600);
  });

  const database = {
    dumpTo: (file: FileHandle) => file.writeFile("keys"),
    restore: async () =>
      'COPY public.authentik_version_history (id, "timestamp", version) FROM stdin;\n1\t2026\t2026.8.7\n\\.\n',
  };

  test("of a backup replaces a link that another user made at its first name", async () => {
    writeFileSync(other, "theirs");
    symlinkSync(other, `${path}.partial`);
    assert.equal(await dumpTo(path, database), "2026.8.7");
    assert.equal(readFileSync(other, "utf8"), "theirs");
    assert.equal(readFileSync(path, "utf8"), "keys");
    assert.equal(modeOf(path), 0o600);
  });

  test("of a backup is private although its first name existed with a wider mode", async () => {
    writeFileSync(`${path}.partial`, "", { mode: 0o644 });
    await dumpTo(path, database);
    assert.equal(modeOf(path), 0o600);
  });

  test("is written only by the function for it", () => {
    const files = ["cli", "lab"].flatMap((top) =>
      readdirSync(join(projectRoot, top), { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".ts"))
        .map((name) => join(top, name)),
    );
    assert.ok(files.length > 100);
    const writers = files.filter((file) => readFileSync(join(projectRoot, file), "utf8").includes("0o600"));
    assert.deepEqual(writers, [join("cli", "system", "private-file.ts")]);
  });
});
