import { RunError } from "@pulumi/pulumi";
import type { z } from "zod";

/** Something wrong in what a user says. */
export interface Mistake {
  /** The option, by its place in the arguments: `proxmox.addresses`. */
  readonly path: string;
  /** Goes on after the option's name, and says what to do. */
  readonly message: string;
}

/** What follows from what a user says, or what is wrong with it. */
export type Resolution<Resolved> =
  | { readonly resolved: Resolved; readonly mistakes: readonly [] }
  | { readonly resolved: undefined; readonly mistakes: readonly Mistake[] };

/** @throws RunError that has all mistakes. */
export function resolvedOrRefused<Resolved>({ resolved, mistakes }: Resolution<Resolved>): Resolved {
  if (resolved !== undefined) return resolved;
  const lines = mistakes.map(({ path, message }) => `- \`${path}\` ${message}`);
  throw new RunError(`This cannot work:\n${lines.join("\n")}`);
}

/** The mistakes in the form of options. One in an entry of a list is the list's. */
export function mistakesOfForm(error: z.ZodError | undefined): Mistake[] {
  return (error?.issues ?? []).flatMap(({ path, ...issue }) => {
    const end = path.findIndex((step) => typeof step === "number");
    const option = path.slice(0, end < 0 ? path.length : end).join(".");
    if (issue.code !== "unrecognized_keys") return [{ path: option, message: issue.message }];
    return issue.keys.map((key) => ({
      path: [...(option ? [option] : []), key].join("."),
      message: "is not an option of this program",
    }));
  });
}

/** The options without those in which a mistake lies, so that the rest can be looked at too. */
export function withoutMistakes(options: unknown, mistakes: readonly Mistake[]): unknown {
  return mistakes.reduce((rest, { path }) => without(rest, path.split(".")), options);
}

function without(value: unknown, [step, ...further]: readonly string[]): unknown {
  if (step === undefined || typeof value !== "object" || value === null) return value;
  const { [step]: inner, ...rest }: Record<string, unknown> = { ...value };
  return further.length === 0 || inner === undefined ? rest : { ...rest, [step]: without(inner, further) };
}
