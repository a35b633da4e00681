import { delimiter } from "node:path";
import { findOrMakePulumi } from "../../lab/toolchain/pulumi-cli";
import { pulumiCommand, pulumiHome } from "../../lab/toolchain/toolchain";
import { Cancelled, Terminal } from "../init/ask";
import { backendOf } from "../init/backend";
import { askToFinish } from "../init/finish";
import { answersIn } from "../init/flags";
import { type InitFlags, type NewStack, newStackFrom } from "../init/new-stack";
import { askForPassphrase, type Passphrase, passphraseToKeep } from "../init/passphrase";
import { askForStack } from "../init/questions";
import { forgetAnswers, keepAnswers, stoppedAnswers } from "../init/stopped";
import { requireNewName, writeStack } from "../init/write";
import { projectRoot } from "../paths";
import { envFileOf } from "../stack/kept-passphrase";
import { capture, passThrough } from "../system/process";

const limitMs = 60_000;

/** Asks a few questions, or reads flags, and creates a stack with a preview. On request, runs the first `up`. */
export async function init(flags: InitFlags): Promise<number> {
  const isScript = !process.stdin.isTTY;
  const known = isScript || flags.set ? [] : stoppedAnswers();
  const terminal = new Terminal({ flags: terminalFlags(flags), known, isScript });
  try {
    return await makeStack(terminal, flags, isScript);
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error;
    if (error.message !== "") console.error(error.message);
    if (isScript || flags.set) return 1;
    keepAnswers(terminal.answers.toKeep);
    const written = error.message === "" ? "Nothing was written. " : "";
    console.log(`${written}The next \`init\` continues here, and asks for the secrets again.`);
    return 1;
  }
}

async function makeStack(terminal: Terminal, flags: InitFlags, isScript: boolean): Promise<number> {
  const { binDir } = await findOrMakePulumi(console.error);
  const command = pulumiCommand({ binDir, pulumiHome });
  const env: NodeJS.ProcessEnv = { ...process.env, PATH: `${binDir}${delimiter}${process.env.PATH ?? ""}` };
  const run = (args: string[], input?: string) =>
    capture(command, [...args, "--non-interactive"], { cwd: projectRoot, env, input, timeoutMs: limitMs });
  const isAsked = flags.set === undefined;
  const name = flags.stack ?? "prod";
  requireNewName(name);
  if (isAsked && !isScript) terminal.intro("Single sign-on for Proxmox VE through authentik (< goes back)");
  // A separate terminal, because `<` must not return to this question.
  const backend = await backendOf(run, new Terminal({ flags: terminalFlags(flags), isScript }));
  const { stack, passphrase } = isAsked
    ? await answersOf(terminal, name, flags, backend)
    : { stack: newStackFrom(flags), passphrase: undefined };
  terminal.requireUsed(["login", "trust"]);
  if (passphrase) env.PULUMI_CONFIG_PASSPHRASE = passphrase.value;
  for (const { what } of stack.made) console.log(`Made now: ${what}.`);

  const generated = await writeStack(run, stack);
  forgetAnswers();
  const pulumi = typed(command, binDir, passphrase?.isKept ? envFileOf(name) : undefined);
  if (generated.length > 0) console.log(`Generated and set, encrypted: ${generated.join(", ")}.`);
  console.log(
    `The stack's config is in Pulumi.${stack.name}.yaml. Now pulumi preview, which changes nothing:\n`,
  );
  const status = await passThrough(command, ["preview", "--stack", stack.name], { cwd: projectRoot, env });
  if (status !== 0) {
    console.log("The preview's messages above say what is wrong in the config.");
    return status;
  }
  const onStack: typeof run = (args) => run([...args, "--stack", stack.name]);
  const finish = { terminal, stack: stack.name, pulumi: onStack, isSilent: isScript || !isAsked };
  if (await askToFinish(finish, flags.yes ?? false)) {
    const up = ["up", "--yes", "--skip-preview", "--stack", stack.name];
    const ended = await passThrough(command, up, { cwd: projectRoot, env });
    console.log(ended === 0 ? later(stack.name, pulumi) : next(stack.name, pulumi));
    return ended;
  }
  console.log(next(stack.name, pulumi));
  return 0;
}

/** With `--set`, `--secret-env` names the config's secrets. */
function terminalFlags(flags: InitFlags): Record<string, string> {
  return answersIn(flags.set ? { ...flags, secretEnv: [] } : flags);
}

async function answersOf(
  terminal: Terminal,
  name: string,
  flags: InitFlags,
  backend: string,
): Promise<{ stack: NewStack; passphrase: Passphrase | undefined }> {
  const clusters = flags.clusters?.split(",").map((cluster) => cluster.trim()) ?? [];
  return await terminal.ask(async () => {
    const stack = await askForStack(terminal, { name, clusters, production: flags.production ?? false });
    const passphrase = await askForPassphrase(terminal, backend);
    const kept = passphrase ? passphraseToKeep(name, passphrase) : [];
    return { stack: { ...stack, made: [...stack.made, ...kept] }, passphrase };
  });
}

/** The command as a person types it: with the passphrase, and with the path of a CLI that is not on the PATH. */
function typed(command: string, binDir: string, envFile: string | undefined): string {
  const isOnPath = (process.env.PATH ?? "").split(delimiter).includes(binDir);
  return `${envFile === undefined ? "" : `. ${envFile} && `}${isOnPath ? "pulumi" : command}`;
}

function next(stack: string, pulumi: string): string {
  return `
Next
  npm run doctor -- --stack ${stack}     checks both servers, tokens, names and clocks
  ${pulumi} up --stack ${stack}     creates everything, and proves a login
`;
}

function later(stack: string, pulumi: string): string {
  return `
From now on
  npm run show -- --stack ${stack}       who may log in, and what they may do
  npm run verify -- --stack ${stack}     proves the login again
  ${pulumi} up --stack ${stack}     after a change of Pulumi.${stack}.yaml
`;
}
