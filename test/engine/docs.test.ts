import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { findOrMakePulumi } from "../../lab/toolchain/pulumi-cli";
import { pulumiCommand, pulumiHome, toolchainEnvironment } from "../../lab/toolchain/toolchain";
import { type CommandLine, commandsOf } from "../docs/commands";
import { pages } from "../docs/markdown";

const run = promisify(execFile);
/** The CLI's help for each command, cached. */
const helps = new Map<string, string>();

/** Pulumi's own command lines, including those through the lab's `npm run pulumi`. */
function pulumiCommands(page: string): CommandLine[] {
  return commandsOf(page).flatMap((command) => {
    const words = command.filter((word) => word !== "--silent" && word !== "--");
    if (words[0] === "npm" && words[1] === "run" && words[2] === "pulumi") return [words.slice(2)];
    return words[0] === "pulumi" ? [words] : [];
  });
}

/** The words of the command's name: `pulumi up`, `pulumi config set`. */
function nameOf([, first = "", second = ""]: CommandLine): string[] {
  return ["config", "stack"].includes(first) && /^[a-z]/.test(second) ? [first, second] : [first];
}

before(async () => {
  const { binDir } = await findOrMakePulumi(() => {});
  const toolchain = { binDir, pulumiHome };
  const env = { ...toolchainEnvironment(toolchain), PULUMI_SKIP_UPDATE_CHECK: "true" };
  const names = new Set(pages.flatMap(pulumiCommands).map((command) => nameOf(command).join(" ")));
  await Promise.all(
    [...names].map(async (name) => {
      const options = { env, timeout: 60_000 };
      const { stdout } = await run(pulumiCommand(toolchain), [...name.split(" "), "--help"], options);
      helps.set(name, stdout);
    }),
  );
});
after(() => helps.clear());

function mistakesIn(command: CommandLine): string[] {
  const name = nameOf(command);
  const help = helps.get(name.join(" ")) ?? "";
  // For an unknown command, the CLI shows the help of its parent.
  const [, usage = ""] = /^Usage:\n {2}pulumi ((?:[a-z-]+ ?)+)/m.exec(help) ?? [];
  const [, aliases = usage.trim().split(" ").at(-1) ?? ""] = /^Aliases:\n(.+)$/m.exec(help) ?? [];
  if (!aliases.split(",").some((known) => known.trim() === name.at(-1))) {
    return [`pulumi has no command "${name.join(" ")}"`];
  }
  return command
    .filter((word) => word.startsWith("-"))
    .map((word) => word.replace(/=.*/, ""))
    .filter((option) => !new RegExp(`[ ,]${option}[ ,\\n]`).test(help))
    .map((option) => `pulumi ${name.join(" ")} has no option ${option}`);
}

for (const page of pages.filter((name) => pulumiCommands(name).length > 0)) {
  test(`${page}: Pulumi has these commands and options`, () => {
    for (const command of pulumiCommands(page)) assert.deepEqual(mistakesIn(command), [], command.join(" "));
  });
}
