import { delimiter } from "node:path";
import { findOrMakePulumi } from "../../lab/toolchain/pulumi-cli";
import { pulumiCommand, pulumiHome } from "../../lab/toolchain/toolchain";
import { Cancelled, Terminal } from "../init/ask";
import { type InitFlags, newStackFrom } from "../init/new-stack";
import { askForPassphrase } from "../init/passphrase";
import { askForStack } from "../init/questions";
import { requireNewName, writeStack } from "../init/write";
import { projectRoot } from "../paths";
import { capture, passThrough } from "../process";

const limitMs = 60_000;

/** From a few questions, or flags, to a stack of one's own and its first preview. */
export async function init(flags: InitFlags): Promise<number> {
  const terminal = new Terminal();
  try {
    return await makeStack(terminal, flags);
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error;
    console.log("Nothing was written.");
    return 1;
  }
}

async function makeStack(terminal: Terminal, flags: InitFlags): Promise<number> {
  const { binDir } = await findOrMakePulumi(console.error);
  const command = pulumiCommand({ binDir, pulumiHome });
  const env: NodeJS.ProcessEnv = { ...process.env, PATH: `${binDir}${delimiter}${process.env.PATH ?? ""}` };
  const run = (args: string[], input?: string) =>
    capture(command, [...args, "--non-interactive"], { cwd: projectRoot, env, input, timeoutMs: limitMs });
  const backend = await requireLogin(run);

  const isAsked = flags.set === undefined;
  if (isAsked) terminal.intro("Single sign-on for Proxmox VE through authentik");
  if (flags.stack) requireNewName(flags.stack);
  const stack = isAsked ? await askForStack(terminal, flags.stack) : newStackFrom(flags);
  requireNewName(stack.name);
  if (isAsked) Object.assign(env, await askForPassphrase(terminal, backend));

  const generated = await writeStack(run, stack);
  if (generated.length > 0) console.log(`Generated and set, encrypted: ${generated.join(", ")}.`);
  console.log(
    `The stack's config is in Pulumi.${stack.name}.yaml. Now pulumi preview, which changes nothing:\n`,
  );
  const status = await passThrough(command, ["preview", "--stack", stack.name], { cwd: projectRoot, env });
  console.log(
    status === 0 ? next(stack.name) : "The preview's messages above say what is wrong in the config.",
  );
  return status;
}

/** Where the state goes, as `pulumi whoami` tells it. */
async function requireLogin(run: (args: string[]) => Promise<string>): Promise<string> {
  try {
    return JSON.parse(await run(["whoami", "--json"])).url;
  } catch {
    throw new Error(
      "Log in first: `pulumi login 'file://~?metadata=skip'` keeps the state on this machine, `pulumi login` at Pulumi's service.",
    );
  }
}

function next(stack: string): string {
  return `
Next
  npm run doctor -- --stack ${stack}     looks at both servers, tokens, names and clocks
  pulumi up --stack ${stack}             makes it, and proves a login
`;
}
