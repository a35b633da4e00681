import { overviewOf } from "../show/overview";
import { statusLine, statusOf } from "../show/status";
import type { RunPulumi } from "../stack-in-question";

/** One line about a stack, and exit code 1 where something needs attention. Reads the state only. */
export async function status(pulumi: RunPulumi, { json }: { json?: boolean }): Promise<number> {
  const stack = (await pulumi(["stack", "--show-name"])).trim();
  const found = statusOf(overviewOf(stack, JSON.parse(await pulumi(["stack", "export"]))));
  console.log(json ? JSON.stringify(found) : statusLine(found));
  return found.ok ? 0 : 1;
}
