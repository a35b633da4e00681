import { overviewOf } from "../show/overview";
import { statusLine, statusOf } from "../show/status";
import type { RunPulumi } from "../stack/stack-in-question";

/** Prints one line about a stack. Exits with 1 if something needs attention. Reads only the state. */
export async function status(pulumi: RunPulumi, { json }: { json?: boolean }): Promise<number> {
  const stack = (await pulumi(["stack", "--show-name"])).trim();
  const found = statusOf(overviewOf(stack, JSON.parse(await pulumi(["stack", "export"]))));
  console.log(json ? JSON.stringify(found) : statusLine(found));
  return found.ok ? 0 : 1;
}
