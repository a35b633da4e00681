import { setTimeout as sleep } from "node:timers/promises";
import type { Finding } from "../doctor/check";
import { doctorContextOf } from "../doctor/context";
import { diagnose } from "../doctor/diagnose";
import { asJson, asText, failing, hasFailed } from "../doctor/report";
import type { RunPulumi } from "../stack/stack-in-question";

export interface DoctorOptions {
  json?: boolean;
  /** Seconds to repeat the checks until nothing fails. `true` means five minutes. */
  wait?: string | true;
}

const defaultWaitSeconds = 300;
const pauseMs = 3_000;

/** Reports what is right, what is wrong, and what to do. Fails if anything is wrong. */
export async function doctor(pulumi: RunPulumi, options: DoctorOptions): Promise<number> {
  const look = async () => await diagnose(await doctorContextOf(pulumi));
  const findings = options.wait === undefined ? await look() : await untilPassed(look, options.wait);
  console.log(options.json ? asJson(findings) : asText(findings, process.stdout.isTTY));
  return hasFailed(findings) ? 1 : 0;
}

/** Reads config and state again each time, because another run may change them. */
async function untilPassed(look: () => Promise<Finding[]>, wait: string | true): Promise<Finding[]> {
  const seconds = wait === true ? defaultWaitSeconds : Number(wait);
  if (!(seconds > 0)) throw new Error("--wait takes a number of seconds.");
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const findings = await look();
    if (!hasFailed(findings) || Date.now() > deadline) return findings;
    console.error(`Waiting for: ${failing(findings)}`);
    await sleep(pauseMs);
  }
}
