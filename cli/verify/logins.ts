import { expandCertificates } from "../../providers/core/certificates";
import { messageOf } from "../../providers/core/errors";
import { loginProofDefinition, prove } from "../../providers/sso/loginProof";
import type { RunPulumi } from "../stack/stack-in-question";
import { configValuesOf, credentialsIn, ofKind, stateOf } from "../stack/state";
import { lostAccess } from "./access";

/** Results of the proofs, one sentence for each login. */
interface Proofs {
  readonly proved: readonly string[];
  readonly broken: string[];
}

/**
 * Proves each login in the stack's state now, like the last step of an `up`. A login shows neither a deleted
 * binding nor a renamed group, so these are checked separately.
 */
export async function proveLogins(pulumi: RunPulumi): Promise<Proofs> {
  const state = await stateOf(pulumi);
  const proofs = ofKind(state, "sso:LoginProof");
  if (proofs.length === 0) {
    return { proved: [], broken: ["The stack has no proof of login yet. Run pulumi up first."] };
  }
  const credentials = credentialsIn(await configValuesOf(pulumi));
  // Proofs that run together share the user that they create.
  const outcomes = await Promise.all(
    proofs.map(async ({ inputs, urn }) => {
      const name = urn.split("::").at(-1);
      try {
        const { __provider: _, ...given } = inputs;
        const wanted = loginProofDefinition.inputs.parse(expandCertificates(given));
        return { proved: `${name}: ${(await prove(credentials, wanted)).summary}` };
      } catch (error) {
        return { broken: `${name}: ${messageOf(error)}` };
      }
    }),
  );
  const proved = outcomes.flatMap((outcome) => outcome.proved ?? []);
  const broken = outcomes.flatMap((outcome) => outcome.broken ?? []);
  const lost = await lostAccess(state, credentials).catch((error: unknown) => [messageOf(error)]);
  return { proved, broken: [...broken, ...lost] };
}
