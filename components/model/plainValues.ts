import type { z } from "zod";
import { inWords } from "../../providers/core/words";
import { isOutput } from "./inputForms";
import { type Mistake, mistakesOfForm, withoutMistakes } from "./mistakes";

const tooLate =
  "is an output, whose value this program needs before it declares resources: give the value itself, e.g. from `config.require`, or `await reference.requireOutputValue(…)` for an output of another stack";

/**
 * Mistakes in the form of options. Outputs and promises are mistakes where the program needs a plain value. Types forbid
 * them, but plain JavaScript has no types.
 * @param inputs the paths of options that may be outputs
 */
export function mistakesInForm(schema: z.ZodType, given: unknown, inputs: RegExp): Mistake[] {
  const outputs = outputsIn(given, inputs);
  const { error } = schema.safeParse(withoutMistakes(given, outputs), inWords);
  const isReported = ({ path }: Mistake) =>
    outputs.some((one) => `${path}.`.startsWith(`${one.path}.`) || one.path === "");
  return [...outputs, ...mistakesOfForm(error).filter((mistake) => !isReported(mistake))];
}

/** Paths in lists have no positions. */
function outputsIn(options: unknown, inputs: RegExp, path: readonly string[] = []): Mistake[] {
  const name = path.join(".");
  if (isOutput(options)) return inputs.test(name) ? [] : [{ path: name, message: tooLate }];
  if (Array.isArray(options)) return options.flatMap((item) => outputsIn(item, inputs, path)).slice(0, 1);
  if (!isPlain(options)) return [];
  return Object.entries(options).flatMap(([key, value]) => outputsIn(value, inputs, [...path, key]));
}

/** Not a resource or another instance of a class. */
function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
