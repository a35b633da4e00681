import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { lacksToken, versionInBackup } from "../../../cli/backup/backup-version";

const tables: Readonly<Record<string, string>> = {
  authentik_version_history: `COPY public.authentik_version_history (id, "timestamp", version, build) FROM stdin;
2\t2026-11-01 10:00:00+00\t2026.8.7\t
1\t2026-05-01 10:00:00+00\t2026.5.0\t
\\.`,
  authentik_core_token: `COPY public.authentik_core_token (token_uuid, identifier, key) FROM stdin;
1\tauthentik-bootstrap-token\tabc
2\tproxmox-authentik-sso-prod\tdef
\\.`,
};

/** What pg_restore prints of a table. */
function backupOf(names: readonly string[]) {
  return {
    restore: async (_path: string, options: readonly string[]) => {
      const table = options.find((option) => option.startsWith("--table="))?.slice("--table=".length) ?? "";
      return names.includes(table) ? `SET client_encoding = 'UTF8';\n${tables[table]}\n\n--\n` : "--\n";
    },
  };
}

suite("a backup", () => {
  const whole = backupOf(Object.keys(tables));

  test("has the newest version that ran on its data", async () => {
    assert.equal(await versionInBackup(whole, "a.dump"), "2026.8.7");
    await assert.rejects(versionInBackup(backupOf([]), "a.dump"), /not a backup of authentik/);
  });

  test("shows whether it contains the token of the least-privilege account", async () => {
    assert.equal(await lacksToken(whole, "a.dump", "proxmox-authentik-sso-prod"), false);
    assert.equal(await lacksToken(whole, "a.dump", "proxmox-authentik-sso-test"), true);
    assert.equal(await lacksToken(backupOf([]), "a.dump", "proxmox-authentik-sso-prod"), false);
  });
});
