import { z } from "zod";

/**
 * A random value that is in the state before the first write. An object with this value in its comment belongs to
 * the stack.
 */
export const ownershipMark = z
  .string()
  .regex(/^[A-Za-z0-9_-]{8,64}$/, "must have 8 to 64 letters, digits, `-` or `_`");

const marked = /^(?<comment>[\s\S]*?) ?\[proxmox-authentik-sso (?<mark>[A-Za-z0-9_-]+)\]$/;

interface Comment {
  comment?: string | undefined;
  ownershipMark?: string | undefined;
}

/** The comment that Proxmox stores. An empty comment is stored as missing. */
export function storedComment({ comment, ownershipMark: mark }: Comment): string {
  return [comment, mark && `[proxmox-authentik-sso ${mark}]`].filter(Boolean).join(" ");
}

/** Whether an object has the mark in the state. If the state has no mark, the object must have none. */
export function bearsMark(stored: string | undefined, { ownershipMark: mark }: Comment): boolean {
  return readComment(stored).ownershipMark === mark;
}

/** What to do about an object without the mark. Somebody may have edited its comment. */
export function adviceToMark(command: string, { comment, ownershipMark: mark }: Comment): string | undefined {
  return mark === undefined
    ? undefined
    : "If it is this stack's and somebody edited its comment, put the mark back on a node: " +
        `${command} --comment '${storedComment({ comment, ownershipMark: mark }).replaceAll("'", "'\\''")}'. ` +
        "Otherwise choose another name, remove it, or set `adopt: true` to bring it under this stack.";
}

/** Splits a stored comment into comment and mark. */
export function readComment(stored = ""): Comment {
  const { comment = stored, mark } = marked.exec(stored)?.groups ?? {};
  return { comment: comment === "" ? undefined : comment, ownershipMark: mark };
}
