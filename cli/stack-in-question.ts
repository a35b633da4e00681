import { findEngine } from "../lab/docker/engine";
import { hasLab, LabPulumi } from "../lab/local/pulumi";
import { ensureDockerPlugin } from "../lab/toolchain/docker-plugin";
import { findOrMakePulumi } from "../lab/toolchain/pulumi-cli";
import { pulumiCommand, pulumiHome } from "../lab/toolchain/toolchain";
import { projectRoot } from "./paths";
import { capture } from "./process";
import { explainPulumi } from "./pulumi-failures";

const commandLimitMs = 60_000;

/** Runs the Pulumi CLI on one stack and gives back what it prints. */
export type RunPulumi = (args: string[], input?: string) => Promise<string>;

/** Only Pulumi writes to standard output then, so that scripts can read it. */
export async function quietLabPulumi(): Promise<LabPulumi> {
  const toolchain = { binDir: (await findOrMakePulumi(console.error)).binDir, pulumiHome };
  await ensureDockerPlugin(toolchain, console.error);
  return new LabPulumi({ toolchain, docker: await findEngine() });
}

/** The stack that is named; else the lab's, if this clone has one; else the one that the user selected. */
export async function stackInQuestion(name: string | undefined): Promise<RunPulumi> {
  if (name === undefined && hasLab()) {
    const lab = await quietLabPulumi();
    return (args, input) => lab.capture(args, input);
  }
  const command = pulumiCommand({ binDir: (await findOrMakePulumi(console.error)).binDir, pulumiHome });
  // By the environment, because not every command knows the option.
  const env = name === undefined ? process.env : { ...process.env, PULUMI_STACK: name };
  return async (args, input) => {
    const where = { cwd: projectRoot, env, input, timeoutMs: commandLimitMs };
    return await capture(command, args, where).catch((error: unknown) =>
      Promise.reject(explainPulumi(error, name)),
    );
  };
}
