import { z } from "zod";
import type { LabPulumi } from "./pulumi";

const updates = z.array(z.object({ resourceChanges: z.record(z.string(), z.number()).default({}) }));

export async function printSummary(pulumi: LabPulumi): Promise<void> {
  const [last] = updates.parse(
    JSON.parse(await pulumi.capture(["stack", "history", "--json", "--page-size", "1"])),
  );
  const { same = 0, ...changes } = last?.resourceChanges ?? {};
  console.log(
    Object.keys(changes).length === 0
      ? `\nNothing changed: all ${same} resources are as they should be.`
      : `\nThe lab is up.`,
  );
}
