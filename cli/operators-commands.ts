import type { Command } from "commander";
import { backup } from "./commands/backup";
import { credentials } from "./commands/credentials";
import { type DoctorOptions, doctor } from "./commands/doctor";
import { init } from "./commands/init";
import { leastPrivilege } from "./commands/least-privilege";
import { maintain } from "./commands/maintain";
import { moveDatabase } from "./commands/move-database";
import { type OffboardOptions, offboard } from "./commands/offboard";
import { restore } from "./commands/restore";
import { type ShowOptions, show } from "./commands/show";
import { status } from "./commands/status";
import { type TakeoverOptions, takeover } from "./commands/takeover";
import { type TimerOptions, timer } from "./commands/timer";
import { type TrustOptions, trust } from "./commands/trust";
import { verify } from "./commands/verify";
import { questionFlags } from "./init/flags";
import type { InitFlags } from "./init/new-stack";
import { stackInQuestion } from "./stack/stack-in-question";

/** Adds the commands for a stack. A clone and the installed package have the same ones. */
export function addOperatorsCommands(program: Command): void {
  const onStack = (name: string, description: string) =>
    program
      .command(name)
      .description(description)
      .option("--stack <name>", "stack of your own (default: the lab's, or the selected one)");
  onStack("credentials", "generate the missing credentials of a stack")
    .option("--least-privilege", "replace authentik's bootstrap token with the token of a service account")
    .action(async ({ stack, leastPrivilege: least }: { stack?: string; leastPrivilege?: boolean }) => {
      process.exitCode = await (least ? leastPrivilege : credentials)(await stackInQuestion(stack));
    });
  onStack("verify", "prove the login of a stack now").action(async ({ stack }: { stack?: string }) => {
    process.exitCode = await verify(await stackInQuestion(stack));
  });
  const initCommand = program
    .command("init")
    .description("create a stack for your servers with a few questions, or with flags, and preview it")
    .option("--stack <name>", "its name (default: prod)")
    .option("--set <key=value...>", "config values instead of questions; @file reads a file")
    .option(
      "--secret-env <key=NAME...>",
      "secrets, from environment variables: of the config, or of questions",
    )
    .option("--clusters <names>", "further clusters, with commas between them")
    .option("--answer <question=value...>", "answers of the questions about further clusters")
    .option("--production", "refuse what is fit for a lab only, and protect data")
    .option("--yes", "do it after the preview, without a question");
  for (const [flag, what] of Object.entries(questionFlags)) initCommand.option(`--${flag} <answer>`, what);
  initCommand.action(async (flags: InitFlags) => {
    process.exitCode = await init(flags);
  });
  onStack("show", "show what a stack has made")
    .option("--html <file>", "write a page with a diagram, too")
    .option("--serve", "open the page in the browser and refresh it, until Ctrl-C")
    .action(async ({ stack, ...options }: ShowOptions & { stack?: string }) => {
      process.exitCode = await show(await stackInQuestion(stack), options);
    });
  onStack(
    "status",
    "print one line about a stack, for cron and the message of the day; exit code 1: it needs attention",
  )
    .option("--json", "for programs")
    .action(async ({ stack, ...options }: { stack?: string; json?: boolean }) => {
      process.exitCode = await status(await stackInQuestion(stack), options);
    });
  onStack("trust", "put the CA of authentik's certificate on each node of Proxmox, by ssh")
    .option("--node <target...>", "for ssh (default: root at each host of the addresses in the config)")
    .option("--yes", "run the commands without a question")
    .action(async ({ stack, ...options }: TrustOptions & { stack?: string }) => {
      process.exitCode = await trust(await stackInQuestion(stack), options);
    });
  onStack("maintain", "renew certificates, prove the logins, and report problems; run it each night").action(
    async ({ stack }: { stack?: string }) => {
      process.exitCode = await maintain(await stackInQuestion(stack));
    },
  );
  onStack("timer", "write a systemd timer that runs maintain each night")
    .option("--folder <path>", "for its unit files (default: systemd's, of this user)")
    .action(async ({ stack, ...options }: TimerOptions & { stack?: string }) => {
      process.exitCode = await timer(await stackInQuestion(stack), options);
    });
  onStack("doctor", "check everything that an up and a login need, and print what to do")
    .option("--json", "for programs")
    .option("--wait [seconds]", "look again until nothing fails (default: 300 seconds)")
    .action(async ({ stack, ...options }: DoctorOptions & { stack?: string }) => {
      process.exitCode = await doctor(await stackInQuestion(stack), options);
    });
  onStack("offboard", "list what a person can still do on the stack's servers, or end it")
    .argument("<username>", "as authentik knows them")
    .option("--remove", "deactivate, log out, delete tokens, and disable the users on Proxmox")
    .option("--delete", "as --remove, and delete the users on Proxmox with their permissions")
    .action(async (username: string, { stack, ...options }: OffboardOptions & { stack?: string }) => {
      process.exitCode = await offboard(await stackInQuestion(stack), username, options);
    });
  onStack("takeover", "print the config that takes over a single sign-on set up by hand")
    .option("--realm <name>", "the realm on Proxmox (default: the only one of this authentik)")
    .option("--cluster <name>", "one of `clusters` (default: the Proxmox of the top-level keys)")
    .option("--write", "set the config, the client secret too, instead of only printing it")
    .action(async ({ stack, ...options }: TakeoverOptions & { stack?: string }) => {
      process.exitCode = await takeover(await stackInQuestion(stack), options);
    });
  onStack("backup", "save authentik's database in a file")
    .option("--file <path>", "file to write (default: the stack's name and the time, in this folder)")
    .action(async ({ stack, ...options }: { stack?: string; file?: string }) => {
      process.exitCode = await backup(await stackInQuestion(stack), options);
    });
  onStack("move-database", "copy authentik's database to the PostgreSQL of `postgresHost`")
    .option("--file <path>", "for the copy on this machine (default: the stack's name, in this folder)")
    .option("--yes", "stop authentik and copy")
    .action(async ({ stack, ...options }: { stack?: string; yes?: boolean; file?: string }) => {
      process.exitCode = await moveDatabase(await stackInQuestion(stack), options);
    });
  onStack("restore", "replace authentik's database with a backup")
    .argument("<file>", "as npm run backup wrote it")
    .option("--yes", "replace all data in authentik")
    .action(async (file: string, { stack, ...options }: { stack?: string; yes?: boolean }) => {
      process.exitCode = await restore(await stackInQuestion(stack), file, options);
    });
}
