import type { dynamic } from "@pulumi/pulumi";
import type { z } from "zod";
import type { Credentials } from "./credentials";
import { withDefaults } from "./defaults";
import type { AnyDefinition } from "./definition";
import { hasUnknown } from "./unknown";
import { inWords } from "./words";

const bookkeeping = "__provider";

/** Parses the inputs and fills in defaults. Otherwise returns every mistake, by property. */
export async function validateInputs(
  definition: AnyDefinition,
  news: Record<string, unknown>,
  credentials: Credentials,
  olds: Record<string, unknown> = {},
): Promise<dynamic.CheckResult> {
  const { [bookkeeping]: _, ...given } = news;
  const unknownKeys = Object.keys(given).filter(
    (key) => key in definition.inputs.shape && hasUnknown(given[key]),
  );
  const known: z.ZodObject = definition.inputs.omit(
    Object.fromEntries(unknownKeys.map((key) => [key, true] as const)),
  );
  const knownGiven = Object.fromEntries(Object.entries(given).filter(([key]) => !unknownKeys.includes(key)));
  const result = parsed(known.strict(), knownGiven);
  if (!result.success) {
    return {
      inputs: given,
      failures: result.error.issues.map((issue) => ({
        property: issue.path.join(".") || "inputs",
        reason: issue.message,
      })),
    };
  }
  const inputs = { ...result.data, ...Object.fromEntries(unknownKeys.map((key) => [key, given[key]])) };
  if (unknownKeys.length > 0) return { inputs, failures: [] };
  const isNew = Object.keys(olds).length === 0;
  return {
    inputs,
    failures: [
      ...((await definition.validate?.(result.data, credentials)) ?? []),
      ...(isNew
        ? []
        : (definition.validateChange?.(withDefaults(definition.inputs, olds), result.data) ?? [])),
    ],
  };
}

/** Pulumi passes an output without a value as null, which means the same as no option. */
function parsed<Schema extends z.ZodType>(form: Schema, given: unknown) {
  const result = form.safeParse(given, inWords);
  const unset = (result.error?.issues ?? []).map(({ path }) => path).filter((path) => isNullAt(given, path));
  return unset.length === 0 ? result : form.safeParse(unset.reduce(without, given), inWords);
}

/** Whether an option, not an entry of a list, is null. */
function isNullAt(value: unknown, path: readonly PropertyKey[]): boolean {
  const isOption = typeof path.at(-1) === "string";
  return isOption && path.reduce<unknown>((inner, step) => Object(inner)[step], value) === null;
}

function without(value: unknown, [step, ...further]: readonly PropertyKey[]): unknown {
  if (step === undefined || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value))
    return value.map((item, index) => (index === step ? without(item, further) : item));
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) =>
      key !== step ? [[key, inner]] : further.length > 0 ? [[key, without(inner, further)]] : [],
    ),
  );
}
