import { mkdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheDir } from "../../cli/paths";

const retryAfterMs = 24 * 60 * 60 * 1000;

function marker(download: string): string {
  return join(cacheDir, "refused", download.replace(/[^\w.-]+/g, "_"));
}

/** Whether this download failed within the last day, and another attempt is not useful. */
export async function wasRefused(download: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(marker(download))).mtimeMs < retryAfterMs;
  } catch {
    return false;
  }
}

export async function rememberRefusal(download: string, reason: string): Promise<void> {
  await mkdir(join(cacheDir, "refused"), { recursive: true });
  await writeFile(marker(download), `${reason}\n`);
}

/** Tries a download unless it failed recently. Remembers a failure, and reports its reason. */
export async function tryDownload(
  download: string,
  say: (text: string) => void,
  attempt: () => Promise<unknown>,
): Promise<boolean> {
  if (await wasRefused(download)) return false;
  say(`downloading ${download}`);
  try {
    await attempt();
    return true;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    say(`could not download ${download}: ${reason.trim().split("\n").at(-1)}`);
    await rememberRefusal(download, reason);
    return false;
  }
}
