import { doctorContextOf } from "../doctor/context";
import { diagnose } from "../doctor/diagnose";
import { keepCurrent } from "../maintain/keep-current";
import { asItem, sendToWebhook } from "../maintain/report";
import type { RunPulumi } from "../stack/stack-in-question";
import { proveLogins } from "../verify/logins";

/** Environment variable with the URL of a webhook. */
export const webhookVariable = "SSO_WEBHOOK";

/** Renews certificates, follows groups, proves the logins, and reports upcoming problems. Intended to run every night. */
export async function maintain(pulumi: RunPulumi, environment = process.env): Promise<number> {
  const stack = (await pulumi(["stack", "--show-name"])).trim();
  const problems = [
    ...(await keepCurrent(pulumi)),
    ...(await brokenLogins(pulumi)),
    ...(await findings(pulumi)),
  ];
  if (problems.length === 0) {
    console.log(`${stack}: nothing needs attention.`);
    return 0;
  }
  console.error([`${stack}: needs attention`, ...problems.map(asItem)].join("\n"));
  const webhook = environment[webhookVariable];
  if (webhook) await sendToWebhook(webhook, stack, problems);
  return 1;
}

async function brokenLogins(pulumi: RunPulumi): Promise<string[]> {
  const { proved, broken } = await proveLogins(pulumi);
  for (const sentence of proved) console.log(sentence);
  return broken;
}

/** Warnings of the doctor too: certificates or tokens that expire, an authentik with known vulnerabilities. */
async function findings(pulumi: RunPulumi): Promise<string[]> {
  return (await diagnose(await doctorContextOf(pulumi)))
    .filter(({ level }) => level === "fail" || level === "warn")
    .map(({ check, cluster, found, advice }) =>
      [`${check}${cluster ? ` (${cluster})` : ""}: ${found}`, ...(advice ? [advice] : [])].join("\n"),
    );
}
