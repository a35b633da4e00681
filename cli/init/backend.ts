import type { RunPulumi } from "../stack/stack-in-question";
import type { Terminal } from "./ask";

/** Without metadata files, so that every version of Pulumi can read the state. */
const local = "file://~?metadata=skip";

/** The location of the state, as `pulumi whoami` prints it. If Pulumi is not logged in, asks for a backend. */
export async function backendOf(pulumi: RunPulumi, terminal: Terminal): Promise<string> {
  const present = await pulumi(["whoami", "--json"]).catch(() => undefined);
  if (present !== undefined) return JSON.parse(present).url;
  const kind =
    terminal.isScript && !terminal.hasFlag("login")
      ? "own"
      : await terminal.choose(
          "Pulumi keeps a record of what it has made, the state. Where?",
          {
            local: "in my home folder on this machine",
            own: "in a backend of mine: I run pulumi login, then init again",
          },
          { flag: "login" },
        );
  if (kind === "own") {
    throw new Error(
      `Log in first: \`pulumi login '${local}'\` keeps the state on this machine, \`pulumi login\` at Pulumi's service. ` +
        "Or answer `--login local`.",
    );
  }
  await pulumi(["login", local]);
  return local;
}
