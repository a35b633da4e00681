import type { ListrTask } from "listr2";
import type { SetupContext } from "../setup/context";
import { ensureDockerPlugin } from "./docker-plugin";
import { findOrMakePulumi } from "./pulumi-cli";
import { pulumiHome } from "./toolchain";
import { dockerPluginVersion } from "./versions";

export const pulumiCliStep: ListrTask<SetupContext> = {
  title: "Pulumi CLI",
  task: async (context, task) => {
    const cli = await findOrMakePulumi((text) => {
      task.output = text;
    });
    context.toolchain = { binDir: cli.binDir, pulumiHome };
    task.title = `Pulumi CLI (${cli.origin})`;
  },
};

export const dockerPluginStep: ListrTask<SetupContext> = {
  title: `Pulumi's Docker plugin (v${dockerPluginVersion})`,
  task: async (context, task) => {
    if (!context.toolchain) throw new Error("The Docker plugin needs the Pulumi CLI's step before it.");
    const made = await ensureDockerPlugin(context.toolchain, (text) => {
      task.output = text;
    });
    if (!made) task.title = `Pulumi's Docker plugin (v${dockerPluginVersion}, there already)`;
  },
};
