import { z } from "zod";

/** A random value, known before the first write, which the object carries in its comment: who bears it is ours. */
export const ownershipMark = z
  .string()
  .regex(/^[A-Za-z0-9_-]{8,64}$/, "must have 8 to 64 letters, digits, `-` or `_`");

const marked = /^(?<comment>[\s\S]*?) ?\[proxmox-authentik-sso (?<mark>[A-Za-z0-9_-]+)\]$/;

interface Comment {
  comment?: string | undefined;
  ownershipMark?: string | undefined;
}

/** The comment as Proxmox stores it; an empty one is none. */
export function storedComment({ comment, ownershipMark: mark }: Comment): string {
  return [comment, mark && `[proxmox-authentik-sso ${mark}]`].filter(Boolean).join(" ");
}

/** Whether an object bears the mark of the state, or none where the state has none. */
export function bearsMark(stored: string | undefined, { ownershipMark: mark }: Comment): boolean {
  return readComment(stored).ownershipMark === mark;
}

/** What to do about an object that lacks the mark, since a person may have edited the comment of ours. */
export function adviceToMark(command: string, { comment, ownershipMark: mark }: Comment): string | undefined {
  return mark === undefined
    ? undefined
    : "If it is this stack's and somebody edited its comment, put the mark back on a node: " +
        `${command} --comment '${storedComment({ comment, ownershipMark: mark }).replaceAll("'", "'\\''")}'. ` +
        "Otherwise choose another name, remove it, or set `adopt: true` to bring it under this stack.";
}

/** Comment and mark apart again. */
export function readComment(stored = ""): Comment {
  const { comment = stored, mark } = marked.exec(stored)?.groups ?? {};
  return { comment: comment === "" ? undefined : comment, ownershipMark: mark };
}
