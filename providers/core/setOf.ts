import { z } from "zod";

/** A set: the server ignores order and duplicates. */
export function setOf<Item extends z.ZodType<string | number>>(item: Item) {
  return z.array(item).transform((items) => [...new Set(items)].sort());
}
