import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { configKey } from "../../config/schema";
import { generateMissingCredentials } from "../credentials/missing";
import { projectRoot } from "../paths";
import type { RunPulumi } from "../stack/stack-in-question";
import { allOrNothing } from "./all-or-nothing";
import type { NewStack } from "./new-stack";

function configFileOf(name: string): string {
  return join(projectRoot, `Pulumi.${name}.yaml`);
}

export function requireNewName(name: string): void {
  if (!existsSync(configFileOf(name))) return;
  throw new Error(
    `There is a config of a stack "${name}" already (Pulumi.${name}.yaml). Choose another name with --stack, or change that one by \`pulumi config\`.`,
  );
}

/**
 * Creates objects on the servers, then the stack, then its config file with all secrets encrypted. After a failure or
 * a signal, nothing of this remains. Returns the keys of generated credentials.
 */
export async function writeStack(pulumi: RunPulumi, stack: NewStack): Promise<string[]> {
  return await allOrNothing(async ({ run, undoBy }) => {
    const step: RunPulumi = (args, input) => run(() => pulumi(args, input));
    await requireNoStack(step, stack.name);
    let secret = stack.secret;
    for (const { make } of stack.made) {
      const made = await run(make);
      undoBy(made.undo);
      secret = { ...secret, ...made.secret };
    }
    undoBy(() => rmSync(configFileOf(stack.name), { force: true }));
    // Before the step, because an interrupted Pulumi can have created the stack.
    undoBy(() => removeStack(pulumi, stack.name));
    await step(["stack", "init", stack.name]);
    return await writeConfig(step, { ...stack, secret });
  });
}

/** Only a stack that this run has created may be removed later. */
async function requireNoStack(pulumi: RunPulumi, name: string): Promise<void> {
  const exists = await unlessMissing(() => pulumi(["stack", "--show-name", "--stack", name]));
  if (!exists) return;
  throw new Error(
    `Pulumi has a stack "${name}" already, without a config here (Pulumi.${name}.yaml). Choose another name with --stack, bring its config here, or remove it: \`pulumi stack rm ${name}\`.`,
  );
}

/** Without --force, because the new stack has no resources. */
async function removeStack(pulumi: RunPulumi, name: string): Promise<void> {
  const remove = () => unlessMissing(() => pulumi(["stack", "rm", name, "--yes"]));
  // A closed terminal sends a second signal, which ends the first attempt.
  await remove().catch(remove);
}

/** Whether Pulumi finds the stack. */
async function unlessMissing(onStack: () => Promise<string>): Promise<boolean> {
  try {
    await onStack();
    return true;
  } catch (error) {
    if (error instanceof Error && /no stack named/.test(error.message)) return false;
    throw error;
  }
}

async function writeConfig(pulumi: RunPulumi, { name, plain, secret }: NewStack): Promise<string[]> {
  const onStack: RunPulumi = (args, input) => pulumi([...args, "--stack", name], input);
  const pairs = Object.entries(plain).flatMap(([key, value]) => ["--plaintext", `${key}=${value}`]);
  await onStack(["config", "set-all", "--path", ...pairs]);
  for (const [key, value] of Object.entries(secret)) {
    // Through standard input, because every user of the machine can see arguments.
    await onStack(["config", "set", "--secret", configKey(key)], value);
  }
  return plain.deployAuthentik === "false" ? [] : await generateMissingCredentials(onStack);
}
