import { generateMissingCredentials } from "../credentials";
import type { RunPulumi } from "../stack-in-question";

/** Generates what can be generated; credentials of Proxmox have to be made there. */
export async function credentials(pulumi: RunPulumi): Promise<number> {
  const generated = await generateMissingCredentials(pulumi);
  console.log(
    generated.length === 0
      ? "Every credential that can be generated is set already."
      : `Generated and set, encrypted: ${generated.join(", ")}.`,
  );
  return 0;
}
