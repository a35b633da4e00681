/** How the object of a resource is recognised: before it is read as ours, changed or deleted. */
export interface Ownership<Remote, State> {
  /**
   * Names for the object that no other object has, on any server. Several where it has independent parts.
   * Two resources with the same key have the same object.
   */
  keys(state: State): readonly string[];
  /**
   * Whether what stands where the state points is the object that the state describes. Another one counts as gone.
   *
   * @param isElsewhere The server's address has changed since the state was written. A name alone then proves nothing.
   */
  matches(remote: Remote, state: State, isElsewhere: boolean): boolean;
  /** Whether it may be deleted, where that takes more: another stack may have taken over the same object. */
  mayDelete?(remote: Remote, state: State): boolean;
}

/** The resource has no object on a server that somebody else could own. */
export const nothingToOwn = "nothing to own";

/** An object in its place, as the core has read and recognised it. */
export interface Place<Remote> {
  readonly remote: Remote;
  /** Whether another resource of the program declares this part of the object, so that it must stay. */
  isKept(key: string): boolean;
}

/** A key of an object that only its server knows by this name. */
export function keyOn(server: { readonly url: string }, ...names: readonly unknown[]): string {
  return JSON.stringify([server.url.replace(/\/+$/, "").toLowerCase(), ...names]);
}

/** What a server has, and what the state knows of it. */
type Pair = readonly [stored: unknown, known: unknown];

/** Whether one of the values is the same. For values that are random, so that nobody else has them. */
export function agreeInOne(...pairs: readonly Pair[]): boolean {
  return pairs.some(isSame);
}

/** Whether at least half of the known values are the same, so that a person may have changed one by hand. */
export function agreeInMost(...pairs: readonly Pair[]): boolean {
  const known = pairs.filter(([, value]) => value !== undefined);
  return 2 * known.filter(isSame).length >= known.length;
}

function isSame([stored, known]: Pair): boolean {
  return stored !== undefined && stored === known;
}

/** The address of the server that a resource's inputs name, if any. */
export function serverOf(properties: Readonly<Record<string, unknown>>): unknown {
  const { url } = Object(properties.authentik ?? properties.proxmox);
  return url;
}
