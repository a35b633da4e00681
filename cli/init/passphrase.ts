import { existsSync } from "node:fs";
import type { Terminal } from "./ask";

/** The variables with which Pulumi finds the passphrase of a stack whose secrets no service encrypts. */
export async function askForPassphrase(terminal: Terminal, backend: string): Promise<NodeJS.ProcessEnv> {
  const { PULUMI_CONFIG_PASSPHRASE, PULUMI_CONFIG_PASSPHRASE_FILE: file } = process.env;
  const isPulumiCloud = /^https?:/.test(backend);
  if (isPulumiCloud || PULUMI_CONFIG_PASSPHRASE !== undefined || (file && existsSync(file))) return {};
  terminal.note(
    "It encrypts the stack's secrets. Pulumi asks for it at each run, unless PULUMI_CONFIG_PASSPHRASE_FILE names a file with it. Without it the stack cannot be changed any more: keep it.",
    "A passphrase",
  );
  const passphrase = await terminal.secret({ message: "The passphrase?" });
  await terminal.secret({
    message: "Once more?",
    check: (again) => {
      if (again !== passphrase) throw new Error("It is another one than before.");
    },
  });
  return { PULUMI_CONFIG_PASSPHRASE: passphrase };
}
