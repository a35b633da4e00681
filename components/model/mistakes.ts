import { RunError } from "@pulumi/pulumi";
import type { z } from "zod";

/** A mistake in the options. */
export interface Mistake {
  /** The option's path in the arguments: `proxmox.addresses`. */
  readonly path: string;
  /** Continues the sentence that starts with the option's name, and explains the fix. */
  readonly message: string;
}

/** The resolved options, or their mistakes. */
export type Resolution<Resolved> =
  | { readonly resolved: Resolved; readonly mistakes: readonly [] }
  | { readonly resolved: undefined; readonly mistakes: readonly Mistake[] };

/** The arguments of a component are not in the stack's config. */
const howInConfig = /; set [^:]*: pulumi config set .*$/;

/**
 * Returns the resolved options.
 * @param of the component or function whose arguments they are
 * @throws RunError with all mistakes
 */
export function resolvedOrRefused<Resolved>(
  { resolved, mistakes }: Resolution<Resolved>,
  of?: string,
): Resolved {
  if (resolved !== undefined) return resolved;
  const lines = mistakes.map(
    ({ path, message }) => `- ${path ? `\`${path}\`` : "it"} ${message.replace(howInConfig, "")}`,
  );
  throw new RunError(`This cannot work:${of ? ` ${of}` : ""}\n${lines.join("\n")}`);
}

/** Converts zod's issues to mistakes. An issue in a list entry is reported for the list. */
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

/** The options without the invalid ones, to check the others in the same run. */
export function withoutMistakes(options: unknown, mistakes: readonly Mistake[]): unknown {
  return mistakes.reduce((rest, { path }) => without(rest, path.split(".")), options);
}

function without(value: unknown, [step, ...further]: readonly string[]): unknown {
  if (step === undefined || typeof value !== "object" || value === null) return value;
  const { [step]: inner, ...rest }: Record<string, unknown> = { ...value };
  return further.length === 0 || inner === undefined ? rest : { ...rest, [step]: without(inner, further) };
}
