import type { AnyDefinition } from "../../providers/core/definition";
import { Life } from "./life";
import { type Properties, providerOf } from "./simulators";

/** Creates a resource as an `up` does. Returns its state. */
export async function created(
  definition: AnyDefinition,
  inputs: Properties,
  tokens: Readonly<Record<string, string>> = {},
): Promise<Properties> {
  const life = new Life(await providerOf(definition, tokens));
  await life.create(inputs);
  return life.state;
}
