import type { Command } from "commander";
import { program } from "../../cli/cli";
import { scripts } from "../../package.json";
import type { CommandLine } from "./commands";

/** npm's own commands in the docs. */
const builtIn = ["ci", "install", "pack", "start", "stop", "test", "update"];

/** Mistakes in an npm command line: an unknown script, or an unknown option of one of our commands. */
export function mistakesIn(command: CommandLine): string[] {
  const [, verb = "", ...rest] = command;
  if (verb !== "run") return builtIn.includes(verb) ? [] : [`npm ${verb}: not one of ${builtIn.join(", ")}`];
  const [name = "", ...args] = rest.filter((word) => word !== "--silent");
  const script = new Map(Object.entries(scripts)).get(name);
  if (script === undefined) return [`npm run ${name}: package.json has no such script`];
  const known = program.commands.find((candidate) => candidate.name() === name);
  if (known === undefined || !script.includes("run.mjs") || name === "pulumi") return [];
  if (args.length > 0 && args[0] !== "--" && !name.startsWith("pulumi"))
    return [`npm run ${name}: options come after --`];
  return mistakesInOptions(known, args.slice(1));
}

function mistakesInOptions(known: Command, args: readonly string[]): string[] {
  const options = known.options.map(({ long }) => long);
  return args
    .filter((word) => word.startsWith("-") && !options.includes(word))
    .map((word) => `npm run ${known.name()}: no option ${word}`);
}
