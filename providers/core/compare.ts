import { isDeepStrictEqual } from "node:util";

/** A plain JSON form in which absent, undefined and null-prototype differences do not count. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

/** The keys, among those given, whose values differ. */
export function differences(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
  keys: Iterable<string>,
): Set<string> {
  return new Set([...keys].filter((key) => !isDeepStrictEqual(plain(before[key]), plain(after[key]))));
}
