/** One thing of a person's on a server. */
export interface Remnant {
  /** What it is, and how it stands. */
  readonly what: string;
  /** What it still lets the person do; undefined where nothing. */
  readonly allows?: string | undefined;
  /** Ends it and says what was done; undefined where there is nothing to end, or only people can. */
  readonly end?: (() => Promise<string>) | undefined;
}

/** A server, or the stack itself, where things of a person may stand. */
export interface Place {
  readonly title: string;
  look(): Promise<Remnant[]>;
}
