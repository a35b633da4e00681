import { generateMissingCredentials } from "../credentials";
import { projectRoot } from "../paths";
import { capture } from "../process";

const limitMs = 60_000;

/** Completes the config of a stack of one's own, with the Pulumi CLI, login and passphrase of this shell. */
export async function credentials(stack: string | undefined): Promise<number> {
  const stackArgs = stack ? ["--stack", stack] : [];
  const set = await generateMissingCredentials((args, input) =>
    capture("pulumi", [...args, ...stackArgs], {
      cwd: projectRoot,
      timeoutMs: limitMs,
      ...(input !== undefined && { input }),
    }),
  );
  console.log(
    set.length > 0
      ? `Generated and set, encrypted: ${set.join(", ")}.`
      : "Nothing is missing; nothing was changed.",
  );
  return 0;
}
