import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { writePrivately } from "../../../cli/system/private-file";
import { type Contents, MemoryStore } from "./memory";

/** A memory store that writes one JSON file after each change. */
export async function openFileStore(directory: string): Promise<MemoryStore> {
  await mkdir(directory, { recursive: true });
  const path = join(directory, "authentik.json");
  let pending = Promise.resolve();
  const save = (contents: Contents): Promise<void> => {
    const text = JSON.stringify(contents);
    pending = pending.then(async () => {
      writePrivately(path, text);
    });
    return pending;
  };
  return new MemoryStore(await load(path), save);
}

async function load(path: string): Promise<Contents> {
  try {
    const contents: Contents = JSON.parse(await readFile(path, "utf8"));
    return contents;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      return { objects: {}, sequences: {} };
    }
    throw new Error(`Cannot read ${path}: delete it to start with an empty authentik.`, { cause: error });
  }
}
