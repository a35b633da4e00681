import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "./errors";

const pollMilliseconds = 2000;
/** What is awaited for less is not told. */
const reportAfterSeconds = 15;

/**
 * Polls until `check` returns nothing more to wait for. The Pulumi console gets a line for each thing that is awaited, once:
 * what stdout gets from a plugin is shown as progress, and once more in the summary of the run.
 *
 * @throws UserError with the last reason when the time is over.
 */
export async function waitUntilDone(
  subject: string,
  limitSeconds: number,
  check: () => Promise<string | undefined>,
): Promise<void> {
  const start = Date.now();
  const reported = { at: 0, awaited: "" };
  for (;;) {
    const awaited = await check();
    if (awaited === undefined) return;
    const seconds = Math.round((Date.now() - start) / 1000);
    if (seconds >= limitSeconds) {
      throw new UserError(`${subject} after ${seconds} s: ${awaited}`);
    }
    if (awaited !== reported.awaited && seconds - reported.at >= reportAfterSeconds) {
      console.log(`${subject} (${seconds} s of at most ${limitSeconds}): ${awaited}`);
      Object.assign(reported, { at: seconds, awaited });
    }
    await sleep(pollMilliseconds);
  }
}
