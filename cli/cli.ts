import { Command } from "commander";
import { pulumi } from "./commands/pulumi";
import { setup } from "./commands/setup";
import { start } from "./commands/start";
import { stop } from "./commands/stop";
import { test, unit } from "./commands/test";
import { addOperatorsCommands } from "./operators-commands";
import { runProgram } from "./run-program";

/** All commands that run.mjs starts for `npm run`. */
export const program = new Command("proxmox-authentik-sso").enablePositionalOptions();

function exitWith(command: () => Promise<number>): () => Promise<void> {
  return async () => {
    process.exitCode = await command();
  };
}

program
  .command("setup")
  .description("bring the tool chain, Docker and the images")
  .action(async () => {
    await setup();
  });
program
  .command("start")
  .description("set up, then pulumi up on the lab's stack")
  .option("--all", "with a Backup Server and a Datacenter Manager, too")
  .action(async (options: { all?: boolean }) => {
    process.exitCode = await start(options);
  });
program.command("stop").description("destroy the lab").action(exitWith(stop));
program
  .command("test")
  .description("set up, then run the checks and the tests")
  .option("--all", "every case, not a sample of the slow ones")
  .action(async (options: { all?: boolean }) => {
    process.exitCode = await test(options);
  });
program.command("unit").description("run the fast tests").action(exitWith(unit));
program
  .command("pulumi")
  .description("run the Pulumi CLI on the lab's stack")
  .argument("[args...]", "Pulumi's own command and options")
  .passThroughOptions()
  .allowUnknownOption()
  .action(async (args: string[]) => {
    process.exitCode = await pulumi(args);
  });
addOperatorsCommands(program);

// The tests of the docs read the commands without running one.
if (require.main === module) runProgram(program);
