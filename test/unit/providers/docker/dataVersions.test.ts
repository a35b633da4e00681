import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { DefinedProvider } from "../../../../providers/core/provider";
import { dataVersionsDefinition } from "../../../../providers/docker/dataVersions";

const before = { data: "database", authentik: "2025.10.4", postgres: 16 };

/** The messages of a preview for a stack whose data have the versions of `before`. */
async function refusals(
  wanted: Record<string, unknown>,
  olds: Record<string, unknown> = before,
): Promise<string[]> {
  const provider = new DefinedProvider(dataVersionsDefinition);
  const { failures } = await provider.check(olds, { ...before, ...wanted });
  return (failures ?? []).map(({ reason }) => reason);
}

suite("the preview accepts data with", () => {
  for (const authentik of ["2025.10.4", "2025.10.9", "2025.12.0", "2025.12.3"]) {
    test(`authentik 2025.10.4 becoming ${authentik}`, async () => {
      assert.deepEqual(await refusals({ authentik }), []);
    });
  }

  for (const [from, to] of [
    ["2024.12.5", "2025.2.0"],
    ["2025.12.1", "2026.2.0"],
    ["2026.2.1", "2026.5.0-rc1"],
    ["2026.5.0-rc1", "2026.5.0"],
    ["2026.11.2", "2027.2.0"],
  ] as const) {
    test(`authentik ${from} becoming ${to}, at most one release later`, async () => {
      assert.deepEqual(await refusals({ authentik: to }, { ...before, authentik: from }), []);
    });
  }

  test("any version at first, and for an empty database", async () => {
    assert.deepEqual(await refusals({ authentik: "2026.5.0" }, {}), []);
    assert.deepEqual(await refusals({ data: "database-17", authentik: "2025.2.0", postgres: 17 }), []);
  });
});

suite("the preview refuses data with", () => {
  test("an older authentik, and names the fix", async () => {
    const [reason = "", ...others] = await refusals({ authentik: "2025.10.3" });
    assert.match(reason, /cannot go back from 2025\.10\.4 to 2025\.10\.3/);
    assert.match(reason, /`databaseVolume` .* docs\/backup\.md/);
    assert.deepEqual(others, []);
    assert.match((await refusals({ authentik: "2025.8.0" })).join(), /cannot go back/);
  });

  test("a skipped release, which it names with the following ones", async () => {
    assert.match((await refusals({ authentik: "2026.2.0" })).join(), /there is 2025\.12\. .*npm run backup/);
    assert.match(
      (await refusals({ authentik: "2026.11.1" })).join(),
      /there are 2025\.12, 2026\.2, 2026\.5, 2026\.8\. The path is 2025\.10\.4 → the last 2025\.12 → the last 2026\.2 → 2026\.5\.9 → 2026\.8\.7 → 2026\.11\.1\. .*npm run backup/,
    );
  });

  test("another major version of PostgreSQL, in both directions", async () => {
    assert.match(
      (await refusals({ postgres: 17 })).join(),
      /PostgreSQL 17 cannot read the files of PostgreSQL 16\./,
    );
    assert.match((await refusals({ postgres: 15 })).join(), /npm run restore/);
  });

  for (const [from, to] of [
    ["2026.5.7", "2026.8.0"],
    ["2026.5.9", "2026.8.2"],
  ] as const) {
    test(`an upgrade that fails in authentik, and names a target that works: ${from} to ${to}`, async () => {
      const [reason = ""] = await refusals({ authentik: to }, { ...before, authentik: from });
      assert.match(reason, /InconsistentMigrationHistory\)\. Set the image to 2026\.8\.7 instead/);
    });
  }

  for (const [from, to] of [
    ["2026.5.6", "2026.8.0"],
    ["2026.5.9", "2026.8.3"],
    ["2026.8.1", "2026.8.2"],
  ] as const) {
    test(`no upgrade that works: ${from} to ${to}`, async () => {
      assert.deepEqual(await refusals({ authentik: to }, { ...before, authentik: from }), []);
    });
  }

  test("PostgreSQL on another system, unless the database is empty", async () => {
    const known = { flavourBefore: "alpine", flavour: "Debian" };
    assert.match((await refusals({ known })).join(), /another user id and sorts texts differently.*restore/);
    assert.deepEqual(await refusals({ known, data: "database-2" }), []);
    const recorded = { ...before, known: { flavour: "alpine" } };
    assert.match((await refusals({ known: { flavour: "Debian" } }, recorded)).join(), /on alpine/);
  });

  test("nothing, if only the state's record is new", async () => {
    const provider = new DefinedProvider(dataVersionsDefinition);
    const known = { flavourBefore: "alpine", flavour: "alpine" };
    assert.equal((await provider.diff("database", before, { ...before, known })).changes, false);
  });
});
