import type { ListrTask } from "listr2";
import type { SetupContext } from "./context";
import { aptInstall, whyNotInstallable } from "./docker/engine";
import { succeeds } from "./process";

/** Where Debian puts it; not on every user's PATH. */
const candidates = ["nginx", "/usr/sbin/nginx"];

export async function findNginx(): Promise<string | undefined> {
  for (const command of candidates) {
    if (await succeeds(command, ["-v"], { timeoutMs: 10_000 })) return command;
  }
  return undefined;
}

/** A real reverse proxy, for the tests of a login behind one. */
export const nginxStep: ListrTask<SetupContext> = {
  title: "nginx",
  task: async (_context, task) => {
    if (await findNginx()) {
      task.title = "nginx (there)";
      return;
    }
    const reason = whyNotInstallable();
    if (reason) throw new Error("The tests need nginx: install it, then run this again.");
    task.output = "installing Debian's package nginx-light with apt-get";
    // In run level 1 Debian does not start what it installs, so that nothing listens on port 80.
    await aptInstall("nginx-light", { RUNLEVEL: "1" });
    task.title = "nginx (installed)";
  },
};
