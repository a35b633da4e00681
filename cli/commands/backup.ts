import { rename, rm, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { versionInBackup } from "../backup/backup-version";
import { StackDatabase } from "../backup/database";
import type { RunPulumi } from "../stack/stack-in-question";
import { openPrivately } from "../system/private-file";

/** Saves authentik's database to a file. The file gets its final name after it was read back completely. */
export async function backup(pulumi: RunPulumi, { file }: { file?: string }): Promise<number> {
  const database = await StackDatabase.of(pulumi);
  const time = new Date().toISOString().slice(0, 16).replace(":", "");
  // npm runs its scripts in the project's directory. INIT_CWD is the directory of the person.
  const path = resolve(process.env.INIT_CWD ?? ".", file ?? `${database.stackName}-${time}.dump`);
  const version = await dumpTo(path, database);
  console.log(`${path}: ${(await stat(path)).size} bytes, authentik ${version}. It was read back in full.`);
  console.log(
    "It contains private keys and tokens. Store it safely, with everything that docs/backup.md lists.",
  );
  return 0;
}

/** Writes a dump that only this user can read. Returns authentik's version. */
export async function dumpTo(
  path: string,
  database: Pick<StackDatabase, "dumpTo" | "restore">,
): Promise<string> {
  const partial = `${path}.partial`;
  if (await stat(path).catch(() => undefined))
    throw new Error(`${path} exists already. Choose another name.`);
  try {
    // Readable only by this user, because it contains authentik's private keys and tokens.
    const output = await openPrivately(partial);
    await database.dumpTo(output).finally(() => output.close());
    const version = await versionInBackup(database, partial);
    await rename(partial, path);
    return version;
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
