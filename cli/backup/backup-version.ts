import type { StackDatabase } from "./database";

type Reader = Pick<StackDatabase, "restore">;

const versions = "authentik_version_history";
const tokens = "authentik_core_token";

/**
 * The version of authentik in a backup, as authentik recorded it in its database.
 * @throws if a part of the backup cannot be read
 */
export async function versionInBackup(database: Reader, path: string): Promise<string> {
  await database.restore(path, ["--file=/dev/null"]);
  const rows = (await rowsOf(database, path, versions)) ?? [];
  const byTime = rows.sort((one, other) => (one.timestamp ?? "").localeCompare(other.timestamp ?? ""));
  const version = byTime.at(-1)?.version;
  if (version) return version;
  throw new Error(`${path} is not a backup of authentik: it has no table ${versions}.`);
}

/** Whether a backup lacks the token of the least-privilege account. False if the backup contains no tokens. */
export async function lacksToken(database: Reader, path: string, identifier: string): Promise<boolean> {
  const rows = await rowsOf(database, path, tokens);
  return rows !== undefined && !rows.some((row) => row.identifier === identifier);
}

/** The rows of a table, by column. Undefined if the backup lacks the table. */
async function rowsOf(
  database: Reader,
  path: string,
  table: string,
): Promise<Record<string, string>[] | undefined> {
  const printed = await database.restore(path, ["--data-only", `--table=${table}`, "--file=-"]);
  const lines = printed.split("\n");
  const begin = lines.findIndex((line) => line.startsWith("COPY ") && line.includes(table));
  if (begin < 0) return undefined;
  const columns =
    /\((.+)\)/
      .exec(lines[begin] ?? "")?.[1]
      ?.split(", ")
      .map((name) => name.replaceAll('"', "")) ?? [];
  return lines
    .slice(begin + 1, lines.indexOf("\\.", begin))
    .map((line) => line.split("\t"))
    .map((cells) => Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? ""])));
}
