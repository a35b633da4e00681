import { z } from "zod";

/** A set: neither order nor repetition counts on the server. */
export function setOf<Item extends z.ZodType<string | number>>(item: Item) {
  return z.array(item).transform((items) => [...new Set(items)].sort());
}
