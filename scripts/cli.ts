import { Command } from "commander";
import { credentials } from "./commands/credentials";
import { pulumi } from "./commands/pulumi";
import { setup } from "./commands/setup";
import { start } from "./commands/start";
import { stop } from "./commands/stop";
import { test } from "./commands/test";

const program = new Command("proxmox-authentik-sso").enablePositionalOptions();

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
program.command("start").description("set up, then pulumi up on the lab's stack").action(exitWith(start));
program.command("stop").description("destroy the lab").action(exitWith(stop));
program.command("test").description("set up, then run all checks and tests").action(exitWith(test));
program
  .command("credentials")
  .description("generate the missing credentials of the selected stack")
  .action(credentials);
program
  .command("pulumi")
  .description("run the Pulumi CLI on the lab's stack")
  .argument("[args...]", "Pulumi's own command and options")
  .passThroughOptions()
  .allowUnknownOption()
  .action(async (args: string[]) => {
    process.exitCode = await pulumi(args);
  });

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? `\n${error.message}` : error);
  process.exitCode = 1;
});
