import { setTimeout as sleep } from "node:timers/promises";
import { diagnose, type Patient } from "../doctor/diagnose";
import { patientOf } from "../doctor/patient";
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
  const patient = await patientOf(pulumi);
  const findings =
    options.wait === undefined ? await diagnose(patient) : await untilWell(patient, options.wait);
  console.log(options.json ? asJson(findings) : asText(findings, process.stdout.isTTY));
  return hasFailed(findings) ? 1 : 0;
}

async function untilWell(patient: Patient, wait: string | true) {
  const seconds = wait === true ? defaultWaitSeconds : Number(wait);
  if (!(seconds > 0)) throw new Error("--wait takes a number of seconds.");
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const findings = await diagnose(patient);
    if (!hasFailed(findings) || Date.now() > deadline) return findings;
    console.error(`Waiting for: ${failing(findings)}`);
    await sleep(pauseMs);
  }
}
