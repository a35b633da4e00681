import type { z } from "zod";

/**
 * For `safeParse`: sentences that continue after an option's name. A schema's own message has priority. An argument,
 * because zod's global configuration would change the messages of the whole program that uses this package.
 */
export const inWords: z.core.ParseContext<z.core.$ZodIssue> = {
  error: (issue) => {
    if (issue.code === "too_small") return sizes("at least", issue.origin, issue.minimum);
    if (issue.code === "too_big") return sizes("at most", issue.origin, issue.maximum);
    if (issue.code === "invalid_type") return types(issue.expected, issue.input);
    if (issue.code === "invalid_value") return `must be one of: ${issue.values.join(", ")}`;
    if (issue.code === "unrecognized_keys") return `has no option ${issue.keys.join(", ")}: check the name`;
    if (issue.code === "invalid_format" && issue.format in formats) return formats[issue.format];
    if (issue.code === "invalid_union") return "does not have one of the possible forms";
    return undefined;
  },
};

const formats: Readonly<Record<string, string>> = {
  uuid: "must be a UUID",
  url: "must be a URL",
  email: "must be an e-mail address",
};

const units: Readonly<Record<string, string>> = { string: "characters", array: "entries" };

function sizes(bound: string, origin: string, size: number | bigint): string {
  const unit = units[origin];
  if (unit === undefined) return `must be ${bound} ${size}`;
  return bound === "at least" && Number(size) === 1
    ? "must not be empty"
    : `must have ${bound} ${size} ${unit}`;
}

const names: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object with options",
  record: "an object",
};

function types(expected: string, given: unknown): string | undefined {
  if (expected === "nonoptional") return "is missing";
  const name = names[expected];
  if (name === undefined) return undefined;
  return given === undefined || given === null ? `is missing: it must be ${name}` : `must be ${name}`;
}
