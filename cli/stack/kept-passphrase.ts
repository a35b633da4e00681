import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../paths";
import { writePrivately } from "../system/private-file";

/** Directory for local data of stacks: in the project, and ignored by git. */
export const keptDir = join(projectRoot, ".sso");

function fileOf(stack: string): string {
  return join(keptDir, `${stack}.passphrase`);
}

/** An env file for the Pulumi CLI: `. .sso/<stack>.env`. */
export function envFileOf(stack: string): string {
  return join(keptDir, `${stack}.env`);
}

/** Stores a stack's passphrase and its env file. Returns a function that restores the earlier files. */
export function keepPassphrase(stack: string, passphrase: string): () => void {
  mkdirSync(keptDir, { recursive: true, mode: 0o700 });
  const quoted = fileOf(stack).replace(/'/g, "'\\''");
  const files = [
    { file: fileOf(stack), text: passphrase },
    { file: envFileOf(stack), text: `export PULUMI_CONFIG_PASSPHRASE_FILE='${quoted}'\n` },
  ].map((kept) => ({
    ...kept,
    before: existsSync(kept.file) ? readFileSync(kept.file, "utf8") : undefined,
  }));
  for (const { file, text } of files) writePrivately(file, text);
  return () => {
    for (const { file, before } of files) {
      if (before === undefined) rmSync(file, { force: true });
      else writePrivately(file, before);
    }
  };
}

export function keepsAny(): boolean {
  return existsSync(keptDir) && readdirSync(keptDir).some((name) => name.endsWith(".passphrase"));
}

/** The environment with the stored passphrase of a stack, unless another one is set. */
export function withKeptPassphrase(stack: string | undefined, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isGiven = env.PULUMI_CONFIG_PASSPHRASE !== undefined || env.PULUMI_CONFIG_PASSPHRASE_FILE;
  if (isGiven || stack === undefined || !existsSync(fileOf(stack))) return env;
  return { ...env, PULUMI_CONFIG_PASSPHRASE_FILE: fileOf(stack) };
}
