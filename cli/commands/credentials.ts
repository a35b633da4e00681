import { nodeDistrustCommands, nodeTrustCommands } from "../../providers/pki/trust";
import { generateMissingCredentials } from "../credentials/missing";
import type { RunPulumi } from "../stack/stack-in-question";
import { caBefore } from "../trust/ca-before";

/** Generates the missing credentials. Those of Proxmox must be created there. */
export async function credentials(pulumi: RunPulumi): Promise<number> {
  const generated = await generateMissingCredentials(pulumi);
  console.log(
    generated.length === 0
      ? "Every credential that can be generated is set already."
      : `Generated and set, encrypted: ${generated.join(", ")}.`,
  );
  if (generated.includes("tlsCaCertificate")) await printNodeCommands(pulumi);
  return 0;
}

/** If authentik serves a certificate of another CA, the nodes must trust both for a while. */
async function printNodeCommands(pulumi: RunPulumi): Promise<void> {
  const now = await pulumi(["config", "get", "tlsCaCertificate"]);
  const before = await caBefore(pulumi, now);
  if (before === undefined) return;
  console.log(
    "\nauthentik gets a certificate of another CA. Before the next `pulumi up`, paste this into a root shell on every node:\n\n" +
      `${nodeTrustCommands(now, before)}\n\nAfter that \`pulumi up\`, paste this:\n\n${nodeDistrustCommands}\n`,
  );
}
