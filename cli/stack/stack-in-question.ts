import { findEngine } from "../../lab/docker/engine";
import { hasLab, LabPulumi } from "../../lab/local/pulumi";
import { ensureDockerPlugin } from "../../lab/toolchain/docker-plugin";
import { findOrMakePulumi } from "../../lab/toolchain/pulumi-cli";
import { pulumiCommand, pulumiHome } from "../../lab/toolchain/toolchain";
import { projectRoot } from "../paths";
import { capture } from "../system/process";
import { keepsAny, withKeptPassphrase } from "./kept-passphrase";
import { explainPulumi } from "./pulumi-failures";

const commandLimitMs = 60_000;

/** Runs the Pulumi CLI on a stack and returns its output. Commands that can take more than a minute set `limitMs`. */
export type RunPulumi = (args: string[], input?: string, limitMs?: number) => Promise<string>;

/** Only Pulumi writes to standard output, so scripts can read it. */
export async function quietLabPulumi(): Promise<LabPulumi> {
  const toolchain = { binDir: (await findOrMakePulumi(console.error)).binDir, pulumiHome };
  await ensureDockerPlugin(toolchain, console.error);
  return new LabPulumi({ toolchain, docker: await findEngine() });
}

/** Selects the stack: the named one, else the lab's, if this clone has one, else the one that the user selected. */
export async function stackInQuestion(name: string | undefined): Promise<RunPulumi> {
  if (name === undefined && hasLab()) {
    const lab = await quietLabPulumi();
    return (args, input, limitMs) => lab.capture(args, input, limitMs);
  }
  const command = pulumiCommand({ binDir: (await findOrMakePulumi(console.error)).binDir, pulumiHome });
  // Through the environment, because some commands lack the option.
  const named = name === undefined ? process.env : { ...process.env, PULUMI_STACK: name };
  const run = (args: string[], env: NodeJS.ProcessEnv, input?: string, limitMs = commandLimitMs) =>
    capture(command, args, { cwd: projectRoot, env, input, timeoutMs: limitMs });
  const stack = name ?? (keepsAny() ? await selected(() => run(["stack", "--show-name"], named)) : undefined);
  const env = withKeptPassphrase(stack, named);
  return async (args, input, limitMs) => {
    return await run(args, env, input, limitMs).catch((error: unknown) =>
      Promise.reject(explainPulumi(error, name)),
    );
  };
}

async function selected(ask: () => Promise<string>): Promise<string | undefined> {
  return await ask().then(
    (name) => name.trim(),
    () => undefined,
  );
}
