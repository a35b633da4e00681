import { isDeepStrictEqual } from "node:util";

/** A plain JSON form. It treats absent and undefined properties as equal, and ignores null prototypes. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

/** Those of the given keys whose values differ. */
export function differences(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
  keys: Iterable<string>,
): Set<string> {
  return new Set([...keys].filter((key) => !isDeepStrictEqual(plain(before[key]), plain(after[key]))));
}
