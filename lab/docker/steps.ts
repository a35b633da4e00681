import type { ListrTask } from "listr2";
import type { SetupContext } from "../setup/context";
import { findEngine, installAndStartEngine, problemWithInstalling } from "./engine";

const withoutDocker =
  "Continuing without Docker: authentik's simulator runs as a local process. This lab has no containers, no PostgreSQL, no HTTPS of authentik with a certificate of its own, and nothing to back up or restore.";

export const dockerStep: ListrTask<SetupContext> = {
  title: "Docker engine",
  task: async (context, task) => {
    context.docker = await findEngine();
    if (context.docker) {
      task.title = `Docker engine (${context.docker.version}, running)`;
      return;
    }
    const reason = problemWithInstalling();
    if (reason) {
      task.skip(`${reason}. ${withoutDocker}`);
      return;
    }
    context.docker = await installAndStartEngine((text) => {
      task.output = text;
    });
    task.title = `Docker engine (${context.docker.version}, started)`;
  },
};
