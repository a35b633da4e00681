import type { z } from "zod";
import type { Credentials } from "./credentials";
import type { nothingToOwn, Ownership, Place } from "./ownership";
import type { VersionTable } from "./versions";

/** An existing object with the name of the one to create. */
export interface Found<Remote> {
  remote: Remote;
  /**
   * Whether the object contains a value that was in the state before the first write. This proves that this stack
   * created it.
   */
  ours: boolean;
  /** What to do if it belongs to somebody else. Replaces the usual advice. */
  advice?: string;
  /** Description for the message that refuses to take it over. */
  description: string;
}

type Failures<Inputs> = { property: keyof Inputs & string; reason: string }[];

/**
 * One resource, declared once. The core turns it into a Pulumi dynamic provider. A file declares its inputs (zod),
 * its proof of ownership, secret inputs, and inputs that force a replacement. It also says how a typed client
 * finds, reads, creates, updates and deletes the object.
 */
export interface ResourceDefinition<
  Schema extends z.ZodObject,
  Remote,
  Outputs extends object,
  Client,
  Inputs = z.output<Schema>,
> {
  /** Pulumi type without prefix, `<server>:<Kind>`. Every state contains it, so it must not change. */
  readonly type: string;
  /** Name of the kind in messages: `authentik application`. */
  readonly title: string;
  readonly inputs: Schema;
  /** Rules over several fields. Runs when every value is known. Returns messages by field. */
  validate?(inputs: Inputs, credentials: Credentials): Failures<Inputs> | Promise<Failures<Inputs>>;
  /** Rules that compare the old inputs with the new ones. Runs for an existing object when every value is known. */
  validateChange?(before: Inputs, wanted: Inputs): Failures<Inputs>;
  /** Options that some versions of the server lack. Checked before the first write. */
  readonly versions?: VersionTable<Inputs, Client>;
  /** Recognizes the object in the state. The core checks it before each change and delete. */
  readonly ownership: Ownership<Remote, Inputs & Outputs> | typeof nothingToOwn;
  /** Inputs whose change replaces the object. The old one is deleted first, because both have the same name. */
  readonly replaceOn: readonly (keyof Inputs & string)[];
  /** Inputs that control how the provider works. A change of these inputs alone shows no difference. */
  readonly notCompared?: readonly (keyof Inputs & string)[];
  /** Inputs that older states lack. They are compared only if the state contains them. */
  readonly comparedOnceRecorded?: readonly (keyof Inputs & string)[];
  /** Inputs that only one object of the server can have. Another object can take them right after the write. */
  readonly oneHolder?: readonly (keyof Inputs & string)[];
  /**
   * Inputs with revisions of other objects. The server deletes this object when it replaces one of them, so it is
   * written again.
   */
  readonly rewrittenAfter?: readonly (keyof Inputs & string)[];
  /** A delete does nothing while the program still declares the resource, as in a replacement. */
  readonly staysWhileDeclared?: true;
  /** The server refuses duplicate names, so `create` needs no search before it. */
  readonly namesAreUnique?: true;
  /** Inputs and outputs that the state encrypts. */
  readonly secrets: readonly (keyof (Inputs & Outputs) & string)[];
  /** The object's Pulumi id: a name that stays the same if the object is created again. */
  id(inputs: Inputs): string;
  connect(inputs: Inputs, credentials: Credentials): Client;
  /** Inputs to apply again although they are unchanged, for example before a certificate expires. */
  stale?(
    state: Inputs & Outputs,
    inputs: Inputs,
    credentials: Credentials,
  ): readonly (keyof Inputs & string)[];
  /** A source that an `up` follows without a refresh. A preview never asks the server. */
  readonly followed?: {
    /** The input that is true while an `up` runs, and false at a preview. It belongs in `notCompared`. */
    readonly duringUp: keyof Inputs & string;
    /** Whether the state still agrees with the server. */
    isCurrent(client: Client, state: Inputs & Outputs): Promise<boolean>;
  };
  /** Finds an existing object that blocks the creation. */
  find(client: Client, inputs: Inputs): Promise<Found<Remote> | undefined>;
  create(client: Client, inputs: Inputs): Promise<Remote>;
  /** Reads the object in the state. Returns undefined if it does not exist. */
  read(client: Client, state: Inputs & Outputs): Promise<Remote | undefined>;
  /** Updates an existing object. Sends only the `changed` inputs. Throws NotFoundError if the object does not exist. */
  update(
    client: Client,
    current: Inputs & Outputs,
    inputs: Inputs,
    changed: ReadonlySet<string>,
    place: Place<Remote>,
  ): Promise<Remote>;
  /** Deletes the object. Succeeds if it does not exist. */
  delete(client: Client, state: Inputs & Outputs, place: Place<Remote>): Promise<void>;
  /** The server's values in the form of `inputs`. Omits fields that the server does not return. */
  observe(remote: Remote, state: Inputs & Partial<Outputs>): Partial<Inputs>;
  outputs(remote: Remote, inputs: Inputs): Outputs;
}

// biome-ignore lint/suspicious/noExplicitAny: the registry holds definitions of every shape; each one's own file keeps its types.
export type AnyDefinition = ResourceDefinition<any, any, any, any, any>;
