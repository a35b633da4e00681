import { hasLab } from "../../lab/local/pulumi";
import { quietLabPulumi } from "../stack/stack-in-question";

/** Runs the Pulumi CLI on the lab's stack. */
export async function pulumi(args: string[]): Promise<number> {
  if (!hasLab()) throw new Error("There is no lab here yet: run `npm start` first.");
  return await (await quietLabPulumi()).passThrough(args);
}
