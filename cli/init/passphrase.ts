import { existsSync } from "node:fs";
import { randomSecret } from "../credentials/missing";
import { keepPassphrase } from "../stack/kept-passphrase";
import type { Terminal } from "./ask";
import type { ToMake } from "./new-stack";

/** The passphrase that encrypts a stack's secrets, if no service does. */
export interface Passphrase {
  readonly value: string;
  /** Whether to store it in a file that only this user can read. */
  readonly isKept: boolean;
}

/** Undefined if a service encrypts secrets, or if the environment has the passphrase. */
export async function askForPassphrase(terminal: Terminal, backend: string): Promise<Passphrase | undefined> {
  const { PULUMI_CONFIG_PASSPHRASE, PULUMI_CONFIG_PASSPHRASE_FILE: file } = process.env;
  const isPulumiCloud = /^https?:/.test(backend);
  if (isPulumiCloud || PULUMI_CONFIG_PASSPHRASE !== undefined || (file && existsSync(file))) {
    terminal.skip("passphrase", "own-passphrase");
    return undefined;
  }
  const kind = await terminal.choose(
    "A passphrase encrypts the stack's secrets. Without it, nobody can change the stack. Which one?",
    {
      make: "make one, and keep it in a file here that only I can read",
      keep: "I type one, and it is kept in such a file",
      type: "I type one, and give it at each run myself",
    },
    { flag: "passphrase" },
  );
  if (kind === "make") return { value: randomSecret(), isKept: true };
  const value = await terminal.secret({ flag: "own-passphrase", message: "The passphrase?" });
  return { value, isKept: kind === "keep" };
}

/** Stored before the stack is created, because nobody can use the stack without it. */
export function passphraseToKeep(stack: string, { value, isKept }: Passphrase): ToMake[] {
  if (!isKept) return [];
  const make = async () => {
    const restore = keepPassphrase(stack, value);
    return { secret: {}, undo: async () => restore() };
  };
  return [{ what: `On this machine: the file .sso/${stack}.passphrase with the passphrase`, make }];
}
