import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import type { Since } from "../../providers/core/versions";
import { definitions } from "../../providers/registry";

const page = readFileSync(resolve(__dirname, "../../docs/options.md"), "utf8");
const connections = ["authentik", "proxmox"];

/** They have no equivalent in other tools. */
const withoutSection = /^(docker|sso):|:(Readiness|WebCertificate)$/;
/** Both servers have them. */
const onBoth = /^proxmox:(Group|User)$/;
/** One section describes the resource of both products. */
const onOtherProducts = /^(backupServer|datacenterManager):/;
const ofOtherProducts = "Backup Server and Datacenter Manager: ";

for (const { type, inputs, versions } of definitions.filter(({ type }) => !withoutSection.test(type))) {
  const heading = type
    .replace(onBoth, "Proxmox $1")
    .replace(onOtherProducts, ofOtherProducts)
    .replace(/^\w+:/, "");
  const [, section = ""] = page.split(`## ${heading}\n`);
  const [table = ""] = section.split("\n## ");

  test(`docs/options.md has every option of ${type}`, () => {
    for (const option of Object.keys(inputs.shape).filter((key) => !connections.includes(key))) {
      assert.ok(table.includes(`\`${option}\``), option);
    }
  });

  test(`docs/options.md has the minimum version of each option of ${type}`, () => {
    const given: Readonly<Partial<Record<string, Since>>> = versions?.since ?? {};
    for (const [option, since] of Object.entries(given)) {
      const row = table.split("\n").find((line) => line.split("|")[1]?.includes(`\`${option}\``));
      const told = row?.split("|")[2]?.trim() ?? "";
      if (heading.startsWith(ofOtherProducts)) {
        assert.ok(told.includes(`${versions?.server} ${shown(since)}`), option);
      } else assert.equal(told, shown(since), option);
    }
  });
}

function shown(since: Since | undefined): string {
  if (since === undefined) return "";
  if (typeof since !== "string") {
    const { version, before, others } = since;
    return others
      ? `${shown(others)}; before ${shown(version)}: ${before}`
      : `${shown(version)}; before: ${before}`;
  }
  return since.replace(/\.0(-rc\d+)?$/, "");
}
