import { resolve } from "node:path";
import { ownDatabase } from "../../components/stack/postgres";
import { problemWithAuthentikUpgrade } from "../../providers/docker/upgrades";
import { lacksToken, versionInBackup } from "../backup/backup-version";
import { StackDatabase } from "../backup/database";
import { accountName } from "../credentials/service-account";
import { project } from "../paths";
import type { RunPulumi } from "../stack/stack-in-question";
import { configValuesOf } from "../stack/state";

const { name } = ownDatabase;
/** The backup is restored next to the current database, so nothing is lost if it fails. */
const fresh = `${name}_restored`;
const previous = `${name}_before_restore`;

/** Replaces authentik's database by a backup. */
export async function restore(pulumi: RunPulumi, file: string, { yes }: { yes?: boolean }): Promise<number> {
  const path = resolve(process.env.INIT_CWD ?? ".", file);
  const database = await StackDatabase.of(pulumi);
  const version = await versionInBackup(database, path);
  requireVersions(version, database.authentik);
  const isOlder = await isOlderThanAccount(pulumi, database, path);
  if (!yes) {
    if (isOlder) console.log(withoutAccount);
    console.log(
      `${path} is a complete backup of authentik ${version}. To replace everything in authentik ` +
        `of ${database.stackName} (authentik ${database.authentik}) with it, add --yes.`,
    );
    return 1;
  }
  await database.stopUsers();
  try {
    await database.sql(`DROP DATABASE IF EXISTS ${fresh}; CREATE DATABASE ${fresh};`);
    await database.restore(path, ["--exit-on-error", "--no-owner", `--dbname=${fresh}`]);
    await database.sql(swap);
  } finally {
    await database.startUsers();
  }
  await database.sql(`DROP DATABASE ${previous};`);
  if (isOlder) console.log(withoutAccount);
  console.log(
    "Restored; authentik is starting, which takes half a minute or more. Then run pulumi up --refresh, " +
      "which corrects what has changed since the backup, and npm run verify.",
  );
  return 0;
}

/**
 * An earlier backup lacks the objects of `npm run credentials -- --least-privilege`, whose token replaced the
 * former one.
 */
async function isOlderThanAccount(
  pulumi: RunPulumi,
  database: StackDatabase,
  path: string,
): Promise<boolean> {
  const config = await configValuesOf(pulumi);
  if (config[`${project}:authentikBootstrap`] !== "false") return false;
  return lacksToken(database, path, accountName(await pulumi(["stack", "--show-name"])));
}

const withoutAccount = `The backup is older than the stack's service account: it does not have the API token in the config. After the restore, log in to
authentik as akadmin and create an API token (Directory > Tokens and App passwords, intent API). Then run:
  pulumi config set --secret pulumi-nodejs:authentikToken
  npm run credentials -- --least-privilege
  pulumi up --refresh`;

/** In one transaction. PostgreSQL cannot rename a database with open connections. */
const swap = `DROP DATABASE IF EXISTS ${previous};
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname IN ('${name}', '${fresh}');
BEGIN;
ALTER DATABASE ${name} RENAME TO ${previous};
ALTER DATABASE ${fresh} RENAME TO ${name};
COMMIT;`;

function requireVersions(backup: string, stack: string): void {
  const why = problemWithAuthentikUpgrade(backup, stack);
  if (why === undefined) return;
  throw new Error(
    `The backup is of authentik ${backup}, and the stack runs ${stack}, which cannot use it. Set authentikImage to ` +
      `${backup} and databaseVolume to another name, run pulumi up, and then restore.`,
  );
}
