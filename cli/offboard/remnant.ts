/** An object of a person on a server. */
export interface Remnant {
  /** A description with its status. */
  readonly what: string;
  /** What the person can still do with it. Undefined if nothing. */
  readonly allows?: string | undefined;
  /** Ends the access, and returns what was done. Undefined if there is nothing to end, or only people can end it. */
  readonly end?: (() => Promise<string>) | undefined;
}

/** A server, or the stack itself, which may have objects of a person. */
export interface Place {
  readonly title: string;
  look(): Promise<Remnant[]>;
}
