import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, before as beforeAll, suite, test } from "node:test";
import { projectRoot } from "../../cli/paths";
import { patternOf, type Row, rows } from "../docs/troubleshooting-rows";
import { sample } from "../tools/sample";
import { authentik } from "./authentik";
import { backup, stopBackupServer } from "./backup-server";
import { before, corrections } from "./config";
import { elsewhere } from "./elsewhere";
import { Lab } from "./lab";
import { links, users } from "./login";
import { proxmox } from "./proxmox";
import { reach } from "./reach";
import type { Remedy } from "./remedy";

const remedies: readonly Remedy[] = [
  ...before,
  ...reach,
  ...authentik,
  ...proxmox,
  ...backup,
  ...links,
  ...users,
];

function rowOf(start: string): Row {
  const found = rows.filter(({ messages }) => messages.startsWith(start));
  const [row] = found;
  assert.ok(row && found.length === 1, `"${start}" begins ${found.length} rows of the page`);
  return row;
}

/** Whether a text has a message of the row. The page explains some messages in parentheses. */
function shows(text: string, { entries }: Row): boolean {
  return entries.some((entry) => patternOf(entry.replace(/ \([^)]*\)/, " …")).test(text));
}

suite("the advice of docs/troubleshooting.md works: after it, the next up succeeds", () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await Lab.start();
  });
  after(async () => {
    await stopBackupServer();
    await lab?.stop();
  });

  test("each row is tried, or has the reason why it cannot be", () => {
    const starts = [
      ...[...remedies, ...corrections].map(({ row }) => row),
      ...elsewhere.flatMap((one) => one.rows),
    ];
    const named = starts.map((start) => rowOf(start).messages);
    const missing = rows.map(({ messages }) => messages).filter((messages) => !named.includes(messages));
    const twice = named.filter((messages, index) => named.indexOf(messages) < index);
    assert.deepEqual({ missing, twice }, { missing: [], twice: [] });
    const tests = elsewhere.flatMap(({ tests = [] }) => tests);
    assert.deepEqual(
      tests.filter((file) => !existsSync(join(projectRoot, file))),
      [],
    );
  });

  for (const { row: start, wrong, right } of corrections) {
    test(start, () => {
      assert.throws(wrong, ({ message }: Error) => shows(message, rowOf(start)));
      assert.doesNotThrow(right);
    });
  }

  // Every seventh: they differ little.
  const inSample = (one: Remedy) => remedies.indexOf(one) % 7 === 2;
  for (const { row: start, isFirst, fault, shownBy = "up", advice } of sample(remedies, inSample)) {
    test(start, async () => {
      const row = rowOf(start);
      const begin = isFirst ? undefined : "made";
      await lab.reset(begin);
      const stack = lab.stack(begin);
      await fault(stack);
      const failure = await stack[shownBy]();
      const shown = `${failure?.message ?? ""}\n${stack.said}`;
      assert.ok(shows(shown, row), `the message is not in the row: ${shown}`);
      await advice(stack);
      assert.equal((await stack.up())?.message, undefined);
      assert.ok(!shows(stack.said, row), stack.said);
    });
  }
});
