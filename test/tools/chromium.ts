import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { ListrTask } from "listr2";
import { aptInstall, problemWithInstalling } from "../../lab/docker/engine";
import type { SetupContext } from "../../lab/setup/context";

const names = ["chromium-headless-shell", "chromium", "google-chrome"];

/** The path of a Chromium or Chrome: the one in CHROMIUM, or the first one on the PATH. */
export function findChromium(): string | undefined {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const folders = (process.env.PATH ?? "").split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync);
}

/** A real browser, for tests of the pages. */
export const chromiumStep: ListrTask<SetupContext> = {
  title: "Chromium",
  task: async (_context, task) => {
    if (findChromium()) {
      task.title = "Chromium (there)";
      return;
    }
    if (problemWithInstalling()) {
      throw new Error(
        "The tests need Chromium or Chrome: install it, or let CHROMIUM name its path, then run this again.",
      );
    }
    task.output = "installing Debian's package chromium-headless-shell with apt-get";
    await aptInstall("chromium-headless-shell");
    task.title = "Chromium (installed)";
  },
};
