import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "./errors";

const pollMilliseconds = 2000;
const reportEverySeconds = 15;

/**
 * Polls until `check` returns nothing more to wait for, and tells the Pulumi console now and then what it is
 * that is awaited. What stdout gets from a plugin is shown as progress.
 *
 * @throws UserError with the last reason when the time is over.
 */
export async function waitUntilDone(
  subject: string,
  limitSeconds: number,
  check: () => Promise<string | undefined>,
): Promise<void> {
  const start = Date.now();
  let reported = 0;
  for (;;) {
    const awaited = await check();
    if (awaited === undefined) return;
    const seconds = Math.round((Date.now() - start) / 1000);
    if (seconds >= limitSeconds) {
      throw new UserError(`${subject} after ${seconds} s: ${awaited}`);
    }
    if (seconds - reported >= reportEverySeconds) {
      console.log(`${subject} (${seconds} s of at most ${limitSeconds}): ${awaited}`);
      reported = seconds;
    }
    await sleep(pollMilliseconds);
  }
}
