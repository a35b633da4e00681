import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "./errors";

const pollMilliseconds = 2000;
/** Shorter waits are not reported. */
const reportAfterSeconds = 15;

/**
 * Polls until `check` returns no reason to wait. The console shows each reason once, because Pulumi repeats the
 * plugin's output in the summary of the run.
 * @throws UserError with the last reason after the timeout
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
