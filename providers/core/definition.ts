import type { z } from "zod";
import type { Credentials } from "./credentials";
import type { nothingToOwn, Ownership, Place } from "./ownership";
import type { VersionTable } from "./versions";

/** An object that already stands where ours would be created. */
export interface Found<Remote> {
  remote: Remote;
  /** Whether a value that was in our state before the first write proves that we made it. */
  ours: boolean;
  /** What to do where it is not ours, if the usual advice does not fit. */
  advice?: string;
  /** What it is, for the message that refuses to take it over. */
  description: string;
}

type Failures<Inputs> = { property: keyof Inputs & string; reason: string }[];

/**
 * One resource, declared once. The core turns it into a Pulumi dynamic provider: a file declares its inputs
 * (zod), what proves the object to be ours, what forces replacement, what is secret, and how to find, read, create,
 * update and delete the object through a typed client.
 */
export interface ResourceDefinition<
  Schema extends z.ZodObject,
  Remote,
  Outputs extends object,
  Client,
  Inputs = z.output<Schema>,
> {
  /** Pulumi type without prefix, `<server>:<Kind>`. Frozen: it is in every state. */
  readonly type: string;
  /** What people call one, for messages: `authentik application`. */
  readonly title: string;
  readonly inputs: Schema;
  /** Rules over several fields; runs when every value is known. Returns what is wrong, by field. */
  validate?(inputs: Inputs, credentials: Credentials): Failures<Inputs> | Promise<Failures<Inputs>>;
  /** Rules over what was and what shall be, by field; runs when there was something and every value is known. */
  validateChange?(before: Inputs, wanted: Inputs): Failures<Inputs>;
  /** Options that not every version of the server has; checked before anything is written. */
  readonly versions?: VersionTable<Inputs, Client>;
  /** What proves that an object is the one of the state. The core checks it before each change and delete. */
  readonly ownership: Ownership<Remote, Inputs & Outputs> | typeof nothingToOwn;
  /** Inputs whose change makes a new object. The old one goes first, since both would have the same name. */
  readonly replaceOn: readonly (keyof Inputs & string)[];
  /** Inputs that say how to work, not what the object has: a change of them alone is no change. */
  readonly notCompared?: readonly (keyof Inputs & string)[];
  /** Inputs that a state of an earlier version lacks: they are compared once the state has them. */
  readonly comparedOnceRecorded?: readonly (keyof Inputs & string)[];
  /** Inputs that one object of the server has at most: another one may take them right after our write. */
  readonly oneHolder?: readonly (keyof Inputs & string)[];
  /** Inputs with revisions of objects whose replacement takes this one along on the server: it is then written again. */
  readonly rewrittenAfter?: readonly (keyof Inputs & string)[];
  /** A delete does nothing while the program still declares the resource, as in a replacement. */
  readonly staysWhileDeclared?: true;
  /** The server refuses to make a second one, so that it need not be looked for before it is created. */
  readonly namesAreUnique?: true;
  /** Inputs and outputs that are encrypted in the state. */
  readonly secrets: readonly (keyof (Inputs & Outputs) & string)[];
  /** The object's Pulumi id: a name that stays when the server makes the object anew. */
  id(inputs: Inputs): string;
  connect(inputs: Inputs, credentials: Credentials): Client;
  /** Inputs to apply anew although they are the same as before: what was made of them is about to expire, say. */
  stale?(
    state: Inputs & Outputs,
    inputs: Inputs,
    credentials: Credentials,
  ): readonly (keyof Inputs & string)[];
  /** The object that stands in the way of creating ours, if any. */
  find(client: Client, inputs: Inputs): Promise<Found<Remote> | undefined>;
  create(client: Client, inputs: Inputs): Promise<Remote>;
  /** The object that the state describes, or undefined when it is gone. */
  read(client: Client, state: Inputs & Outputs): Promise<Remote | undefined>;
  /** Brings an existing object to `inputs` by sending the `changed` ones. Throws NotFoundError when it is gone. */
  update(
    client: Client,
    current: Inputs & Outputs,
    inputs: Inputs,
    changed: ReadonlySet<string>,
    place: Place<Remote>,
  ): Promise<Remote>;
  /** Removes the object; one that is gone already counts as removed. */
  delete(client: Client, state: Inputs & Outputs, place: Place<Remote>): Promise<void>;
  /** The inputs as the server has them, in the form of `inputs`; fields it does not tell are left out. */
  observe(remote: Remote, state: Inputs & Partial<Outputs>): Partial<Inputs>;
  outputs(remote: Remote, inputs: Inputs): Outputs;
}

// biome-ignore lint/suspicious/noExplicitAny: the registry holds definitions of every shape; each one's own file keeps its types.
export type AnyDefinition = ResourceDefinition<any, any, any, any, any>;
