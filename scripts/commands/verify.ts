import { Credentials } from "../../providers/core/credentials";
import { messageOf } from "../../providers/core/errors";
import { loginProofInputs, prove } from "../../providers/sso/loginProof";

/** Runs the Pulumi CLI on the stack in question and gives back what it prints. */
type RunPulumi = (args: string[]) => Promise<string>;

interface StateResource {
  readonly type: string;
  readonly urn: string;
  readonly inputs: Record<string, unknown>;
}

/** Proves each login that the stack's state describes, now, as the last step of an `up` does. */
export async function verify(pulumi: RunPulumi): Promise<number> {
  const state: { deployment: { resources?: StateResource[] } } = JSON.parse(
    await pulumi(["stack", "export"]),
  );
  const proofs = (state.deployment.resources ?? []).filter(({ type }) => type.endsWith("sso:LoginProof"));
  if (proofs.length === 0) {
    console.error("The stack has no proof of login yet. Run pulumi up first.");
    return 1;
  }
  const config: Record<string, { value?: string }> = JSON.parse(
    await pulumi(["config", "--show-secrets", "--json"]),
  );
  const credentials = new Credentials({ get: (key) => config[key]?.value }, {});
  let failed = 0;
  for (const { inputs, urn } of proofs) {
    const name = urn.split("::").at(-1);
    try {
      const { __provider: _, ...given } = inputs;
      const { summary } = await prove(credentials, loginProofInputs.parse(given));
      console.log(`${name}: ${summary}`);
    } catch (error) {
      failed++;
      console.error(`${name}: ${messageOf(error)}`);
    }
  }
  return failed === 0 ? 0 : 1;
}
