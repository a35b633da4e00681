import { existsSync } from "node:fs";
import { join } from "node:path";
import { configKey } from "../../config/schema";
import { generateMissingCredentials } from "../credentials/missing";
import { projectRoot } from "../paths";
import type { RunPulumi } from "../stack/stack-in-question";
import type { NewStack } from "./new-stack";

export function requireNewName(name: string): void {
  if (!existsSync(join(projectRoot, `Pulumi.${name}.yaml`))) return;
  throw new Error(
    `There is a config of a stack "${name}" already (Pulumi.${name}.yaml). Choose another name with --stack, or change that one by \`pulumi config\`.`,
  );
}

/**
 * Creates objects on the servers, then the stack, then its config file with all secrets encrypted. If a step fails,
 * the created objects are deleted. Returns the keys of generated credentials.
 */
export async function writeStack(pulumi: RunPulumi, stack: NewStack): Promise<string[]> {
  const undo: (() => Promise<void>)[] = [];
  try {
    let secret = stack.secret;
    for (const { make } of stack.made) {
      const made = await make();
      undo.push(made.undo);
      secret = { ...secret, ...made.secret };
    }
    return await writeConfig(pulumi, { ...stack, secret });
  } catch (error) {
    for (const step of undo.reverse()) await step();
    throw error;
  }
}

async function writeConfig(pulumi: RunPulumi, { name, plain, secret }: NewStack): Promise<string[]> {
  const onStack: RunPulumi = (args, input) => pulumi([...args, "--stack", name], input);
  await pulumi(["stack", "init", name]);
  const pairs = Object.entries(plain).flatMap(([key, value]) => ["--plaintext", `${key}=${value}`]);
  await onStack(["config", "set-all", "--path", ...pairs]);
  for (const [key, value] of Object.entries(secret)) {
    // Through standard input, because every user of the machine can see arguments.
    await onStack(["config", "set", "--secret", configKey(key)], value);
  }
  return plain.deployAuthentik === "false" ? [] : await generateMissingCredentials(onStack);
}
