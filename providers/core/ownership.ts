/** Recognizes the object of a resource before it is read, changed or deleted. */
export interface Ownership<Remote, State> {
  /**
   * Names that identify the object across all servers. An object with independent parts has several. Two resources
   * with the same key manage the same object.
   */
  keys(state: State): readonly string[];
  /**
   * Whether the object found is the one in the state. Any other object is treated as missing.
   * @param isElsewhere The server's address has changed since the state was written. The name alone is then no proof.
   */
  matches(remote: Remote, state: State, isElsewhere: boolean): boolean;
  /** Whether deletion is allowed, if this needs a stronger proof: another stack may have taken over the same object. */
  mayDelete?(remote: Remote, state: State): boolean;
}

/** The resource has no object on a server, so nobody else can own it. */
export const nothingToOwn = "nothing to own";

/** An object that the core has read and recognized. */
export interface Place<Remote> {
  readonly remote: Remote;
  /** Whether another resource of the program declares this part of the object, and the part must be kept. */
  isKept(key: string): boolean;
}

/** The key of an object whose name is unique on its server. */
export function keyOn(server: { readonly url: string }, ...names: readonly unknown[]): string {
  return JSON.stringify([server.url.replace(/\/+$/, "").toLowerCase(), ...names]);
}

/** A value on the server, and the same value in the state. */
type Pair = readonly [stored: unknown, known: unknown];

/** Whether one of the values matches. For random values that nobody else has. */
export function agreeInOne(...pairs: readonly Pair[]): boolean {
  return pairs.some(isSame);
}

/** Whether at least half of the known values match. A person may have changed one by hand. */
export function agreeInMost(...pairs: readonly Pair[]): boolean {
  const known = pairs.filter(([, value]) => value !== undefined);
  return 2 * known.filter(isSame).length >= known.length;
}

function isSame([stored, known]: Pair): boolean {
  return stored !== undefined && stored === known;
}

/** The server's address in a resource's inputs, if any. */
export function serverOf(properties: Readonly<Record<string, unknown>>): unknown {
  const { url } = Object(properties.authentik ?? properties.proxmox);
  return url;
}
