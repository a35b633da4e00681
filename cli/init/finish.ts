import { doctorContextOf } from "../doctor/context";
import type { RunPulumi } from "../stack/stack-in-question";
import { nodeTrustOf, runOnEach } from "../trust/nodes";
import { Cancelled, type Terminal } from "./ask";

/** The steps after the stack is written: the nodes must trust authentik, and the first `up` runs. */
interface Finish {
  readonly terminal: Terminal;
  readonly stack: string;
  /** Pulumi on this stack. */
  readonly pulumi: RunPulumi;
  /** Whether nobody can answer questions. */
  readonly isSilent: boolean;
}

/** Asks whether to run `pulumi up` now. The stack stays in either case. */
export async function askToFinish(finish: Finish, yes: boolean): Promise<boolean> {
  try {
    await offerTrust(finish);
    return yes || (!finish.isSilent && (await finish.terminal.confirm("Do it?", false)));
  } catch (error) {
    if (error instanceof Cancelled) return false;
    throw error;
  }
}

/** If a node does not trust the CA, the proof at the end of the `up` fails. */
async function offerTrust({ terminal, stack, pulumi, isSilent }: Finish): Promise<void> {
  const { config } = await doctorContextOf(pulumi);
  if (config instanceof Error) return;
  const wanted = await nodeTrustOf(pulumi, config);
  if (wanted === undefined) {
    console.log("The config has no CA for authentik's certificate, so the nodes need none.");
    return;
  }
  const kind =
    isSilent && !terminal.hasFlag("trust")
      ? "later"
      : await terminal.choose(
          "Each node of Proxmox must trust the CA of authentik's certificate. How does the CA get there?",
          {
            ssh: `by my own ssh, now: ${wanted.nodes.join(", ")}`,
            print: "I paste the lines into a root shell on each node",
            later: "it is there, or I run `npm run trust` myself",
          },
          { flag: "trust" },
        );
  if (kind === "print") console.log(wanted.commands);
  if (kind === "later") console.log(`Each node must trust the CA first: npm run trust -- --stack ${stack}`);
  if (kind === "ssh") await runOnEach(wanted);
}
