import type { z } from "zod";

/**
 * For `safeParse`: sentences about sizes that continue after an option's name. A schema's own message has priority.
 * An argument, because zod's global configuration would change the messages of the whole program that uses this package.
 */
export const sizesInWords: z.core.ParseContext<z.core.$ZodIssue> = {
  error: (issue) => {
    if (issue.code === "too_small") return sentence("at least", issue.origin, issue.minimum);
    if (issue.code === "too_big") return sentence("at most", issue.origin, issue.maximum);
    return undefined;
  },
};

const units: Readonly<Record<string, string>> = { string: "characters", array: "entries" };

function sentence(bound: string, origin: string, size: number | bigint): string {
  const unit = units[origin];
  if (unit === undefined) return `must be ${bound} ${size}`;
  return bound === "at least" && Number(size) === 1
    ? "must not be empty"
    : `must have ${bound} ${size} ${unit}`;
}
