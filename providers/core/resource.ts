import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { concealed } from "./concealment";
import { reportBriefly, unlessNotMade } from "./notMade";
import { withoutStacks } from "./positions";
import { providerReference } from "./reference";

/** A resource's arguments: its schema's inputs, any part of which may be another resource's output. */
export type ArgsOf<Schema extends z.ZodObject> = {
  [Key in keyof z.input<Schema>]: DeepInput<z.input<Schema>[Key]>;
};

/** Wraps a union as one input: an output may be of the whole union, as `Output<boolean>` and `Output<string | undefined>` are. */
type DeepInput<T> = pulumi.Input<WithInputs<T>>;

type WithInputs<T> = T extends readonly (infer Item)[]
  ? DeepInput<Item>[]
  : T extends object
    ? { [Key in keyof T]: DeepInput<T[Key]> }
    : T;

/** What an interface of arguments must be: neither more nor less than its schema takes. */
export type Exactly<Wanted, Args> = [
  Exclude<keyof Wanted, keyof Args> | Exclude<keyof Args, keyof Wanted>,
] extends [never]
  ? Wanted extends Args
    ? Wanted
    : never
  : never;

/**
 * A dynamic resource whose provider is a reference to a definition (see `providerReference`). Subclasses only
 * declare their outputs. `Args` is the interface that editors show; the compiler holds it to the schema.
 */
export abstract class DefinedResource<
  Schema extends z.ZodObject,
  Args = ArgsOf<Schema>,
> extends pulumi.CustomResource {
  /** Changes with every write to the object. */
  declare readonly revision: pulumi.Output<string>;

  protected constructor(
    definition: { readonly type: string; readonly secrets: readonly string[] },
    outputs: readonly string[],
    name: string,
    args: Exactly<ArgsOf<Schema>, Args>,
    options: pulumi.CustomResourceOptions = {},
  ) {
    const { type, secrets } = definition;
    if (options.id !== undefined || options.import !== undefined) {
      // The engine would tell the provider the id alone, not even which provider it is.
      throw new pulumi.RunError(
        `${name} (${type}): Pulumi cannot import a dynamic resource. Set \`adopt: true\` to take over what exists.`,
      );
    }
    const properties: Record<string, unknown> = Object.fromEntries(
      [...outputs, "revision"].map((key) => [key, undefined]),
    );
    for (const [key, value] of Object.entries(args)) {
      properties[key] = secrets.includes(key) && value !== undefined ? pulumi.secret(value) : value;
    }
    properties.__provider = providerReference(type);
    const writeStacks = withoutStacks();
    try {
      super(`pulumi-nodejs:dynamic/${type}`, name, properties, {
        // For the replacements that the engine decides by itself, too: the new object would have the old one's name.
        deleteBeforeReplace: true,
        ...options,
        additionalSecretOutputs: [...secrets, ...(options.additionalSecretOutputs ?? [])],
      });
      reportBriefly(this);
    } finally {
      writeStacks();
    }
  }
}

/** Resources that belong together. */
export abstract class Component extends pulumi.ComponentResource {
  protected constructor(type: string, name: string, options?: pulumi.ComponentResourceOptions) {
    const writeStacks = withoutStacks();
    try {
      super(type, name, {}, options);
    } finally {
      writeStacks();
    }
  }

  /** Ends the component: its outputs, as the state shows them. */
  protected shows(outputs: Readonly<Record<string, pulumi.Input<unknown>>>): void {
    const entries = Object.entries(outputs).map(([key, value]) => [key, unlessNotMade(concealed(value))]);
    this.registerOutputs(Object.fromEntries(entries));
  }
}
