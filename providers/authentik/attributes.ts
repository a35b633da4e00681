import { z } from "zod";
import type { Attributes } from "./wire";

/** Attribute with the ownership mark. */
const markKey = "proxmoxAuthentikSso";

/** Attributes, any JSON. Attributes that are not listed here stay unchanged. */
export const attributes = z.record(z.string(), z.unknown()).default({});

/**
 * Random value that is in the state before the first write. It proves that an existing object belongs to the stack.
 */
export const ownershipMark = z.string().trim().min(1).optional();

interface Marked {
  attributes: Attributes;
  ownershipMark?: string | undefined;
}

export function isMarked(stored: Attributes, wanted: Marked): boolean {
  return wanted.ownershipMark !== undefined && stored[markKey] === wanted.ownershipMark;
}

/** Whether any stack of this program created the object. */
export function hasMark(stored: Attributes): boolean {
  return typeof stored[markKey] === "string";
}

/** Whether the object belongs to another stack: its mark differs from the one in the state. */
export function hasForeignMark(stored: Attributes, state: Marked): boolean {
  const mark = stored[markKey];
  return typeof mark === "string" && mark !== state.ownershipMark;
}

export function attributesChanged(changed: ReadonlySet<string>): boolean {
  return changed.has("attributes") || changed.has("ownershipMark");
}

/** Attributes to store. Attributes of other origin stay, and those removed from the inputs are deleted. */
export function mergeAttributes(stored: Attributes, before: Marked, wanted: Marked): Attributes {
  const { [markKey]: _mark, ...kept } = stored;
  for (const key of Object.keys(before.attributes)) delete kept[key];
  return { ...kept, ...wanted.attributes, ...(wanted.ownershipMark && { [markKey]: wanted.ownershipMark }) };
}

/** The attributes and mark as inputs, limited to those that are set. */
export function observeAttributes(stored: Attributes, given: Marked): Marked {
  const named = Object.keys(given.attributes).filter((key) => key in stored);
  const mark = stored[markKey];
  return {
    attributes: Object.fromEntries(named.map((key) => [key, stored[key]])),
    ownershipMark: typeof mark === "string" && given.ownershipMark ? mark : undefined,
  };
}
