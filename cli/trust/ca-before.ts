import { z } from "zod";
import { isAnotherCa } from "../../providers/pki/trust";
import type { RunPulumi } from "../stack/stack-in-question";

const outputs = z.object({ caCertificate: z.unknown().optional() });

/** The CA of the last `up`, if `now` replaces it. The nodes need both for a while. */
export async function caBefore(pulumi: RunPulumi, now: string): Promise<string | undefined> {
  const { caCertificate } = outputs.parse(JSON.parse(await pulumi(["stack", "output", "--json"])));
  return isAnotherCa(caCertificate, now) ? caCertificate : undefined;
}
