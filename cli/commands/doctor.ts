import { setTimeout as sleep } from "node:timers/promises";
import type { Finding } from "../doctor/check";
import { doctorContextOf } from "../doctor/context";
import { diagnose } from "../doctor/diagnose";
import { asJson, asText, failing, hasFailed } from "../doctor/report";
import type { RunPulumi } from "../stack-in-question";

export interface DoctorOptions {
  json?: boolean;
  /** Seconds to go on looking until nothing fails; true for five minutes. */
  wait?: string | true;
}

const defaultWaitSeconds = 300;
const pauseMs = 3_000;

/** Says what is right and wrong, and what to do; fails if anything is wrong. */
export async function doctor(pulumi: RunPulumi, options: DoctorOptions): Promise<number> {
  const look = async () => await diagnose(await doctorContextOf(pulumi));
  const findings = options.wait === undefined ? await look() : await untilWell(look, options.wait);
  console.log(options.json ? asJson(findings) : asText(findings, process.stdout.isTTY));
  return hasFailed(findings) ? 1 : 0;
}

/** Config and state are read anew each time, too: another run may be at work on them. */
async function untilWell(look: () => Promise<Finding[]>, wait: string | true): Promise<Finding[]> {
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
