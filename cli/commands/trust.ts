import { authentikAnswersCheck } from "../doctor/checks/answers";
import { nodeViewCheck } from "../doctor/checks/node-view";
import { doctorContextOf } from "../doctor/context";
import type { DoctorContext } from "../doctor/diagnose";
import { findingsOf, start } from "../doctor/run";
import { clustersOf, subjectOf } from "../doctor/subject";
import { Terminal } from "../init/ask";
import type { RunPulumi } from "../stack/stack-in-question";
import { nodeTrustOf, runOnEach } from "../trust/nodes";

export interface TrustOptions {
  /**
   * Host names for ssh: `user@host` or a name in ssh's config. @default root at each host of the config's addresses
   */
  node?: string[];
  /** Run the commands without a question. */
  yes?: boolean;
}

/** Adds the CA of authentik's certificate to the trust store of each node, through the user's ssh. */
export async function trust(pulumi: RunPulumi, { node, yes = false }: TrustOptions): Promise<number> {
  const context = await doctorContextOf(pulumi);
  if (context.config instanceof Error) throw context.config;
  const found = await nodeTrustOf(pulumi, context.config);
  if (found === undefined) {
    console.log(
      "The config has no CA for authentik's certificate, so the nodes need none. " +
        "If authentik's certificate is not from a public CA, set `authentikCaCertificate` and run this again.",
    );
    return 0;
  }
  const wanted = { ...found, nodes: node ?? found.nodes };
  console.log(`On ${wanted.nodes.join(", ")}, these commands run by ssh:\n\n${wanted.commands}\n`);
  if (!yes && !(await isWanted())) return 1;
  const status = await runOnEach(wanted);
  return status === 0 ? await lookFromNodes(context) : status;
}

async function isWanted(): Promise<boolean> {
  if (process.stdin.isTTY) return await new Terminal().confirm("Run them?", true);
  console.error("Nothing was run. To run the commands without a question, add --yes.");
  return false;
}

/** Lets each node that has a realm contact authentik, as a login does. */
export async function lookFromNodes({ config, credentials, made }: DoctorContext): Promise<number> {
  if (config instanceof Error) throw config;
  const subject = subjectOf(config, credentials, made);
  const authentik = start([authentikAnswersCheck], subject);
  const clusters = clustersOf(subject).map((cluster) =>
    findingsOf(start([nodeViewCheck], cluster, authentik)),
  );
  const findings = (await Promise.all(clusters)).flat();
  if (findings.length === 0) {
    console.log("Now run pulumi up. Its proof shows whether each address of Proxmox trusts authentik.");
  }
  for (const { level, found } of findings) console.log(`${level}: ${found}`);
  return findings.some(({ level }) => level === "fail") ? 1 : 0;
}
