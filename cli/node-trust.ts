import type { Stack } from "../config/stack";
import { hostOf } from "../providers/http/host";
import { nodeTrustCommands } from "../providers/pki/trust";
import { caBefore } from "./ca-before";
import { capture } from "./process";
import type { RunPulumi } from "./stack-in-question";

const limitMs = 120_000;

/** What makes the nodes of Proxmox trust authentik's certificate. */
export interface NodeTrust {
  /** For ssh. */
  readonly nodes: readonly string[];
  /** For a root shell on each. */
  readonly commands: string;
}

/** Nothing where authentik's certificate is from a CA that everybody trusts. */
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

/** A node that cannot be reached does not keep the others back. */
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
