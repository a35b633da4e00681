import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { inWords } from "../../providers/core/words";
import { mistakesOfForm } from "./mistakes";

// Forms of arguments that can be outputs, and of options that plain JavaScript can leave out with null.

export function isOutput(value: unknown): boolean {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}

type Form<Value> = z.ZodType<Value> | ((given: unknown) => z.ZodType<Value>);

/** A value that is set. undefined and null are not set, and get no default from the form. */
export const ifSet = <Value>(form: Form<Value>) =>
  z
    .unknown()
    .transform((given, context): Value | undefined => {
      if (given === undefined || given === null) return undefined;
      const { data, error } = (typeof form === "function" ? form(given) : form).safeParse(given, inWords);
      for (const { path, message } of mistakesOfForm(error)) {
        context.addIssue({ code: "custom", path: path ? path.split(".") : [], message });
      }
      return data;
    })
    .optional();

export const required = (form: z.ZodType<unknown>, message?: string) => form.pipe(z.string(message));

/**
 * An output, which its resource checks, or a value in this form. The value stays as it is written, because the resources of
 * existing stacks contain it.
 */
export const asGiven = (form: z.ZodType) =>
  z.unknown().transform((given, context) => {
    if (given instanceof Promise) return pulumi.output(given);
    if (isOutput(given)) return given;
    const { error } = form.safeParse(given, inWords);
    for (const { message } of error?.issues ?? []) context.addIssue({ code: "custom", message });
    return given;
  });

const secretForm = "must be text that is not empty, or an output of it";
export const secret = () => asGiven(z.string(secretForm).min(1, secretForm));

/** The value of an environment variable. */
export const variable = () =>
  asGiven(
    z
      .union(
        [z.string(), z.number(), z.boolean()],
        "must be text, or an output of it: remove a variable without a value",
      )
      .refine((value) => !String(value).includes("\0"), "must have no NUL character"),
  );
