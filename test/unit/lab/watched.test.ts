import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { sizeOf } from "../../../lab/setup/size-of";
import { watched } from "../../../lab/setup/watched";

const idleMs = 2_000;

function node(program: string): [string, string[]] {
  return [process.execPath, ["-e", program]];
}

/** A process that has ended stays a zombie until its parent asks for its exit code. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return !existsSync("/proc/self/stat") || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
}

test("a program that makes progress may take longer than the limit", async () => {
  const lines: string[] = [];
  const [command, args] = node(
    "let n = 0; const t = setInterval(() => { console.log(++n); if (n === 6) clearInterval(t); }, 600)",
  );
  const begun = performance.now();
  await watched(command, args, { idleMs, onLine: (line) => lines.push(line) });
  assert.deepEqual(lines, ["1", "2", "3", "4", "5", "6"]);
  assert.ok(performance.now() - begun > idleMs);
});

test("a program without progress is ended with its child processes, and its last lines are reported", async () => {
  const child = `require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" })`;
  const [command, args] = node(
    `console.log("got to here"); const c = ${child}; console.error("child " + c.pid); setInterval(() => {}, 1000)`,
  );
  let pid = 0;
  const onLine = (line: string) => {
    if (line.startsWith("child ")) pid = Number(line.slice(6));
  };
  await assert.rejects(watched(command, args, { idleMs, onLine }), (error) => {
    assert.ok(error instanceof Error);
    assert.match(error.message, /no progress for 2 s\n(.|\n)*got to here/);
    return true;
  });
  assert.ok(pid > 0);
  await sleep(500);
  assert.equal(isAlive(pid), false);
});

test("for a program that prints nothing, written files count as progress", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "watched-"));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "part"), "");
  const [command, args] = node(
    `let n = 0; const t = setInterval(() => { require("node:fs").appendFileSync(${JSON.stringify(join(folder, "part"))}, "x"); if (++n === 6) clearInterval(t); }, 600)`,
  );
  await watched(command, args, { idleMs, progress: () => sizeOf(folder) });
  assert.equal(await sizeOf(folder), 6);
});

test("a failure has the exit code and the output", async () => {
  const [command, args] = node(`console.error("no space left"); process.exit(3)`);
  await assert.rejects(watched(command, args, { idleMs }), /failed \(3\)\nno space left/);
  await assert.rejects(watched("no-such-program", [], { idleMs }), /Could not run no-such-program/);
});
