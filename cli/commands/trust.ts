import type { Stack } from "../../config/stack";
import { hostOf } from "../../providers/http/host";
import { nodeTrustCommands } from "../../providers/pki/trust";
import { caBefore } from "../ca-before";
import { doctorContextOf } from "../doctor/context";
import { Terminal } from "../init/ask";
import { capture } from "../process";
import type { RunPulumi } from "../stack-in-question";

export interface TrustOptions {
  /** Host names for ssh, `user@host` or a name of ssh's config. @default root at each host of the config's addresses */
  node?: string[];
  /** Runs the commands without a question. */
  yes?: boolean;
}

const limitMs = 120_000;

/** Puts the CA of authentik's certificate into the trust store of each node, by the user's own ssh. */
export async function trust(pulumi: RunPulumi, { node, yes = false }: TrustOptions): Promise<number> {
  const { config } = await doctorContextOf(pulumi);
  if (config instanceof Error) throw config;
  const ca = config.authentik.caCertificate;
  if (ca === undefined) {
    console.log(
      "The config has no CA for authentik's certificate, so the nodes need none. " +
        "If authentik's certificate is not from a public CA, set `authentikCaCertificate` and run this again.",
    );
    return 0;
  }
  const commands = nodeTrustCommands(ca, await caBefore(pulumi, ca));
  const nodes = node ?? nodesOf(config);
  console.log(`On ${nodes.join(", ")}, these commands run by ssh:\n\n${commands}\n`);
  if (!yes && !(await isWanted())) return 1;
  return await runOnEach(nodes, commands);
}

function nodesOf({ clusters }: Stack): string[] {
  const hosts = clusters.flatMap(({ addresses }) => addresses.map(hostOf));
  return [...new Set(hosts)].map((host) => `root@${host}`);
}

async function isWanted(): Promise<boolean> {
  if (process.stdin.isTTY) return await new Terminal().confirm("Run them?", true);
  console.error("Nothing was run. Give --yes to run the commands where nobody can be asked.");
  return false;
}

/** A node that cannot be reached does not keep the others back. */
async function runOnEach(nodes: readonly string[], commands: string): Promise<number> {
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
  if (failures === 0) {
    console.log("Now run pulumi up. Its proof shows whether each address of Proxmox trusts authentik.");
    return 0;
  }
  console.error(
    `${failures} of ${nodes.length} nodes failed. Fix ssh to them and run this again, or paste the commands above into a root shell there.`,
  );
  return 1;
}
