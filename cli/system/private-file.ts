import { randomUUID } from "node:crypto";
import { chmodSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { type FileHandle, open, rm } from "node:fs/promises";

const onlyThisUser = 0o600;

/**
 * Replaces a file by one that only this user can read. A new file, because an existing one would keep its mode, and a
 * link could lead elsewhere.
 */
export function writePrivately(path: string, text: string): void {
  const temporary = `${path}.${randomUUID()}`;
  try {
    writeFileSync(temporary, text, { flag: "wx", mode: onlyThisUser });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Creates a file unless it exists. Only this user can read it then, also if the file existed with a wider mode. */
export function ensurePrivately(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: "wx", mode: onlyThisUser });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    chmodSync(path, onlyThisUser);
  }
}

/** Opens a new file that only this user can read. It replaces an earlier file or link. */
export async function openPrivately(path: string): Promise<FileHandle> {
  await rm(path, { force: true });
  return open(path, "wx", onlyThisUser);
}
