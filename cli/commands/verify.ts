import type { RunPulumi } from "../stack/stack-in-question";
import { proveLogins } from "../verify/logins";

/** Proves each login of the stack now. */
export async function verify(pulumi: RunPulumi): Promise<number> {
  const { proved, broken } = await proveLogins(pulumi);
  for (const sentence of proved) console.log(sentence);
  for (const sentence of broken) console.error(sentence);
  return broken.length === 0 ? 0 : 1;
}
