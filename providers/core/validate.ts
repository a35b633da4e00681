import type { dynamic } from "@pulumi/pulumi";
import type { z } from "zod";
import type { Credentials } from "./credentials";
import { withDefaults } from "./defaults";
import type { AnyDefinition } from "./definition";
import { sizesInWords } from "./sizes";
import { hasUnknown } from "./unknown";

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
  const result = known.strict().safeParse(knownGiven, sizesInWords);
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
