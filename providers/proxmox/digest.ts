import { DigestConflictError } from "./errors";

const attempts = 5;

/**
 * Writes with the digest of the last read. The digest covers all realms, so a change of another realm is a conflict
 * too. It then reads and merges again.
 * @returns the server's values after the write
 */
export async function writeOver<Remote>(
  first: Remote,
  read: () => Promise<Remote>,
  write: (before: Remote) => Promise<void>,
): Promise<Remote> {
  for (let attempt = 1; ; attempt++) {
    const before = attempt === 1 ? first : await read();
    try {
      await write(before);
      return await read();
    } catch (error) {
      if (!(error instanceof DigestConflictError) || attempt === attempts) throw error;
    }
  }
}
