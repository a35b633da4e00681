import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { concealed } from "./concealment";
import { reportBriefly, unlessNotMade } from "./notMade";
import { withoutStacks } from "./positions";
import { providerReference } from "./reference";

/** The arguments of a resource: the inputs of its schema, each of which can be or contain an output. */
export type ArgsOf<Schema extends z.ZodObject> = {
  [Key in keyof z.input<Schema>]: DeepInput<z.input<Schema>[Key]>;
};

/** Wraps a union as one input. This allows an output of the whole union, such as `Output<boolean>`. */
type DeepInput<T> = pulumi.Input<WithInputs<T>>;

type WithInputs<T> = T extends readonly (infer Item)[]
  ? DeepInput<Item>[]
  : T extends object
    ? { [Key in keyof T]: DeepInput<T[Key]> }
    : T;

/** Requires an interface of arguments to match its schema exactly. */
export type Exactly<Wanted, Args> = [
  Exclude<keyof Wanted, keyof Args> | Exclude<keyof Args, keyof Wanted>,
] extends [never]
  ? Wanted extends Args
    ? Wanted
    : never
  : never;

/**
 * A dynamic resource whose provider is a reference to a definition (see `providerReference`). Subclasses declare only
 * their outputs. `Args` is the interface that editors show. The compiler checks that it matches the schema.
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
      // Pulumi would pass only the id, without the inputs that name the server.
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
        // Also for replacements that Pulumi's engine decides: the new object has the same name as the old one.
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

/** A group of related resources. */
export abstract class Component extends pulumi.ComponentResource {
  protected constructor(type: string, name: string, options?: pulumi.ComponentResourceOptions) {
    const writeStacks = withoutStacks();
    try {
      super(type, name, {}, options);
    } finally {
      writeStacks();
    }
  }

  /** Registers the outputs, which completes the component. */
  protected shows(outputs: Readonly<Record<string, pulumi.Input<unknown>>>): void {
    const entries = Object.entries(outputs).map(([key, value]) => [key, unlessNotMade(concealed(value))]);
    this.registerOutputs(Object.fromEntries(entries));
  }
}
