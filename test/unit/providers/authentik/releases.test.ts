import assert from "node:assert/strict";
import { suite, test } from "node:test";
import {
  defaultVersion,
  knownAt,
  pathOf,
  releases,
  worryAbout,
} from "../../../../providers/authentik/releases";
import { authentikVersions } from "../../../../providers/authentik/versions";
import { problemWithAuthentikUpgrade } from "../../../../providers/docker/upgrades";
import { read } from "../../../docs/markdown";

const names = Object.keys(releases);

suite("the table of authentik's releases", () => {
  test("has dates, and starts with the oldest accepted release and ends with the default", () => {
    assert.ok(!Number.isNaN(Date.parse(knownAt)));
    assert.equal(`${names[0]}.0`, authentikVersions.oldest);
    assert.equal(defaultVersion, releases[names.at(-1) ?? ""]?.last);
    assert.equal(worryAbout(defaultVersion), undefined);
  });

  test("contains every release", () => {
    const path = pathOf(authentikVersions.oldest, defaultVersion).map((step) =>
      step.replace(/^the last /, ""),
    );
    assert.deepEqual(
      path.map((step) => step.split(".").slice(0, 2).join(".")),
      names,
    );
  });

  for (const name of names) {
    test(`names the upgrade path from ${name} to the default, and no step of it is refused`, () => {
      const steps = pathOf(`${name}.0`, defaultVersion).map((step) =>
        step.replace(/^the last (.*)$/, "$1.9"),
      );
      for (const [index, step] of steps.slice(1).entries())
        assert.equal(problemWithAuthentikUpgrade(steps[index] ?? "", step), undefined, step);
    });
  }

  for (const [version, worry] of [
    ["2026.5.9", undefined],
    ["2026.8.2", undefined],
    ["2026.5.5", undefined],
    ["2026.5.4", /CVE-2026-61574 \(fixed in 2026\.5\.5\)/],
    ["2026.5.0-rc1", /source stage \(fixed in 2026\.5\.1\)/],
    ["2026.8.1", /upgrade to 2026\.8\.7\./],
    ["2026.2.2", /no longer gets security fixes .*known faults: CVE-2026-40165/],
    ["2026.11.0-rc1", /is later than 2026\.8/],
    ["2027.2.0", /is later than 2026\.8/],
    ["", undefined],
  ] as const) {
    test(`warns about ${version || "an unknown version"}: ${worry ?? "no"}`, () => {
      const found = worryAbout(version);
      if (worry === undefined) assert.equal(found, undefined);
      else assert.match(`${found?.found} ${found?.advice}`, worry);
    });
  }
});

test("docs/backup.md has the complete upgrade path", () => {
  const path = pathOf(authentikVersions.oldest, defaultVersion).map((step) => step.replace("the last ", ""));
  assert.ok(
    read("docs/backup.md").includes(`    ${["2024.12", ...path.slice(1)].join(" → ")}\n`),
    path.join(" → "),
  );
});
