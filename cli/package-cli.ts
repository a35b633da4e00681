import { Command } from "commander";
import { version } from "../package.json";
import { type NewOptions, newProject } from "./commands/new";
import { addOperatorsCommands } from "./operators-commands";
import { runProgram } from "./run-program";

/** The command of the package: `npx proxmox-authentik-sso`. */
const program = new Command("proxmox-authentik-sso").version(version);

program
  .command("new")
  .description("create a small Pulumi project that uses this package")
  .argument("<folder>", "a folder that does not exist yet, or is empty")
  .option("--package <spec>", "where npm finds this package (default: where it comes from now)")
  .option("--workflows", "add workflows for GitHub that preview, apply, maintain and look for drift")
  .option("--template", "create a template for pulumi new instead")
  .option("--no-install", "leave npm install to you")
  .action(async (folder: string, options: NewOptions) => {
    process.exitCode = await newProject(folder, options);
  });
addOperatorsCommands(program);
runProgram(program);
