import type { ListrTask } from "listr2";
import type { SetupContext } from "../../cli/context";
import { findEngine, installAndStartEngine, whyNotInstallable } from "./engine";

export const dockerStep: ListrTask<SetupContext> = {
  title: "Docker engine",
  task: async (context, task) => {
    context.docker = await findEngine();
    if (context.docker) {
      task.title = `Docker engine (${context.docker.version}, running)`;
      return;
    }
    const reason = whyNotInstallable();
    if (reason) {
      task.skip(`${reason}. Going on without Docker: authentik's simulator runs as a local process.`);
      return;
    }
    context.docker = await installAndStartEngine((text) => {
      task.output = text;
    });
    task.title = `Docker engine (${context.docker.version}, started)`;
  },
};
