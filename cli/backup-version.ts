import type { StackDatabase } from "./stack-database";

const table = "authentik_version_history";

/**
 * The version of authentik in a backup, as authentik recorded it in its database.
 * @throws if a part of the backup cannot be read
 */
export async function versionInBackup(database: StackDatabase, path: string): Promise<string> {
  await database.restore(path, ["--file=/dev/null"]);
  const printed = await database.restore(path, ["--data-only", `--table=${table}`, "--file=-"]);
  const lines = printed.split("\n");
  const begin = lines.findIndex((line) => line.startsWith("COPY ") && line.includes(table));
  const columns =
    /\((.+)\)/
      .exec(lines[begin] ?? "")?.[1]
      ?.split(", ")
      .map((name) => name.replaceAll('"', "")) ?? [];
  const rows = lines.slice(begin + 1, lines.indexOf("\\.", begin)).map((line) => line.split("\t"));
  const at = (row: readonly string[] | undefined, column: string) => row?.[columns.indexOf(column)] ?? "";
  const last = rows.sort((one, other) => at(one, "timestamp").localeCompare(at(other, "timestamp"))).at(-1);
  const version = at(last, "version");
  if (begin >= 0 && version) return version;
  throw new Error(`${path} is no backup of an authentik: it has no table ${table}.`);
}
