import { chmod, readFile, rename, writeFile } from "node:fs/promises";

/**
 * Writes a script that other processes may start at the same time. Renames a new file, and only if the content
 * differs.
 */
export async function writeLauncher(path: string, script: string): Promise<void> {
  const present = await readFile(path, "utf8").catch(() => undefined);
  if (present === script) return;
  const temporaryPath = `${path}.${process.pid}`;
  await writeFile(temporaryPath, script);
  await chmod(temporaryPath, 0o755);
  await rename(temporaryPath, path);
}
