import { findEngine } from "../docker/engine";
import { hasLab, LabPulumi } from "../lab/pulumi";
import { ensureDockerPlugin } from "../toolchain/docker-plugin";
import { findOrMakePulumi } from "../toolchain/pulumi-cli";
import { pulumiHome } from "../toolchain/toolchain";

/** The Pulumi CLI on the lab's stack. Only Pulumi writes to standard output, so that scripts can read it. */
export async function pulumi(args: string[]): Promise<number> {
  if (!hasLab()) throw new Error("There is no lab here yet: run `npm start` first.");
  const toolchain = { binDir: (await findOrMakePulumi(console.error)).binDir, pulumiHome };
  await ensureDockerPlugin(toolchain, console.error);
  return await new LabPulumi({ toolchain, docker: await findEngine() }).passThrough(args);
}
