import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../paths";

/** Directory for local data of stacks: in the project, and ignored by git. */
export const keptDir = join(projectRoot, ".sso");

function fileOf(stack: string): string {
  return join(keptDir, `${stack}.passphrase`);
}

/** Stores a stack's passphrase, and an env file for the Pulumi CLI: `. .sso/<stack>.env`. Returns the env file. */
export function keepPassphrase(stack: string, passphrase: string): string {
  mkdirSync(keptDir, { recursive: true, mode: 0o700 });
  writeFileSync(fileOf(stack), passphrase, { mode: 0o600 });
  const env = join(keptDir, `${stack}.env`);
  writeFileSync(env, `export PULUMI_CONFIG_PASSPHRASE_FILE='${fileOf(stack).replace(/'/g, "'\\''")}'\n`, {
    mode: 0o600,
  });
  return env;
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
