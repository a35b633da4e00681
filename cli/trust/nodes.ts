import type { Stack } from "../../config/stack";
import { hostOf } from "../../providers/http/host";
import { nodeTrustCommands } from "../../providers/pki/trust";
import type { RunPulumi } from "../stack/stack-in-question";
import { capture } from "../system/process";
import { caBefore } from "./ca-before";

const limitMs = 120_000;

/** How the nodes of Proxmox are made to trust authentik's certificate. */
interface NodeTrust {
  /** Targets for ssh. */
  readonly nodes: readonly string[];
  /** Commands for a root shell on each node. */
  readonly commands: string;
}

/** Undefined if a public CA signed authentik's certificate. */
export async function nodeTrustOf(
  pulumi: RunPulumi,
  { authentik, clusters }: Stack,
): Promise<NodeTrust | undefined> {
  const { caCertificate: ca } = authentik;
  if (ca === undefined) return undefined;
  const hosts = clusters.flatMap(({ addresses }) => addresses.map(hostOf));
  return {
    nodes: [...new Set(hosts)].map((host) => `root@${host}`),
    commands: nodeTrustCommands(ca, await caBefore(pulumi, ca)),
  };
}

/** Continues with the other nodes if one cannot be reached. */
export async function runOnEach({ nodes, commands }: NodeTrust): Promise<number> {
  let failures = 0;
  for (const node of nodes) {
    try {
      await capture("ssh", ["--", node, "sh -e -s"], { timeoutMs: limitMs, input: `${commands}\n` });
      console.log(`${node}: trusts the CA`);
    } catch (error) {
      failures += 1;
      console.error(`${node}: ${error instanceof Error ? error.message : error}`);
    }
  }
  if (failures === 0) return 0;
  console.error(
    `${failures} of ${nodes.length} nodes failed. Fix ssh to them and run this again, or paste the commands above into a root shell there.`,
  );
  return 1;
}
