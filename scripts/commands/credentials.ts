import { generateMissingCredentials } from "../credentials";
import { projectRoot } from "../paths";
import { capture } from "../process";
import { findOrMakePulumi } from "../toolchain/pulumi-cli";
import { pulumiCommand, pulumiHome } from "../toolchain/toolchain";

const commandLimitMs = 60_000;

/** For a stack of the user's own: the selected one, in the backend they are logged in to. */
export async function credentials(): Promise<void> {
  const cli = await findOrMakePulumi(console.log);
  const command = pulumiCommand({ binDir: cli.binDir, pulumiHome });
  const generated = await generateMissingCredentials((args, input) =>
    capture(command, args, { cwd: projectRoot, input, timeoutMs: commandLimitMs }),
  );
  console.log(
    generated.length === 0
      ? "Every credential that can be generated is set already."
      : `Generated and set, encrypted: ${generated.join(", ")}.`,
  );
}
