import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { timer } from "../../cli/commands/timer";
import { keptDir } from "../../cli/stack/kept-passphrase";
import { printedBy } from "../commands/printed";

const analyze = "/usr/bin/systemd-analyze";

test("npm run timer writes units that systemd accepts", async () => {
  const folder = await mkdtemp(join(tmpdir(), "timer-"));
  const stack = `timer-${process.pid}`;
  const variables = join(keptDir, `${stack}.timer.env`);
  try {
    const { code, output } = await printedBy(() => timer(async () => `${stack}\n`, { folder }));
    assert.equal(code, 0);
    assert.match(output, /systemctl --user enable|enable --now/);
    const units = (await readdir(folder)).sort();
    assert.deepEqual(units, [
      `proxmox-authentik-sso-${stack}.service`,
      `proxmox-authentik-sso-${stack}.timer`,
    ]);
    assert.equal((await stat(variables)).mode & 0o777, 0o600);
    for (const unit of units) {
      const text = await readFile(join(folder, unit), "utf8");
      assert.deepEqual(
        text.split("\n").filter((line) => !/^(\[\w+\]|\w+=.*|)$/.test(line)),
        [],
      );
    }
    if (existsSync(analyze)) {
      const files = units.map((unit) => join(folder, unit));
      await promisify(execFile)(analyze, ["verify", "--user", "--man=no", ...files], {
        timeout: 60_000,
        env: { ...process.env, XDG_RUNTIME_DIR: folder },
      });
    }
  } finally {
    await rm(folder, { recursive: true });
    await rm(variables, { force: true });
  }
});
