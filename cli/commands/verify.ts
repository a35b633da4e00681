import { expandCertificates } from "../../providers/core/certificates";
import { messageOf } from "../../providers/core/errors";
import { loginProofDefinition, prove } from "../../providers/sso/loginProof";
import type { RunPulumi } from "../stack-in-question";
import { configValuesOf, credentialsIn, ofKind, stateOf } from "../stack-state";
import { lostAccess } from "../verify-access";

/**
 * Proves each login in the stack's state now, like the last step of an `up`. A login shows neither a deleted
 * binding nor a renamed group, so these are checked separately.
 */
export async function verify(pulumi: RunPulumi): Promise<number> {
  const state = await stateOf(pulumi);
  const proofs = ofKind(state, "sso:LoginProof");
  if (proofs.length === 0) {
    console.error("The stack has no proof of login yet. Run pulumi up first.");
    return 1;
  }
  const credentials = credentialsIn(await configValuesOf(pulumi));
  let failed = 0;
  for (const { inputs, urn } of proofs) {
    const name = urn.split("::").at(-1);
    try {
      const { __provider: _, ...given } = inputs;
      const { summary } = await prove(
        credentials,
        loginProofDefinition.inputs.parse(expandCertificates(given)),
      );
      console.log(`${name}: ${summary}`);
    } catch (error) {
      failed++;
      console.error(`${name}: ${messageOf(error)}`);
    }
  }
  const lost = await lostAccess(state, credentials).catch((error: unknown) => [messageOf(error)]);
  for (const sentence of lost) console.error(sentence);
  return failed + lost.length === 0 ? 0 : 1;
}
