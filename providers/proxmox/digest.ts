import { DigestConflictError } from "./errors";

const attempts = 5;

/**
 * Writes over what was read, with its digest. The digest covers all realms, so another realm's change is a conflict too:
 * then it reads again and merges again.
 *
 * @returns what the server has then
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
