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

/** Comment and mark apart again. */
export function readComment(stored = ""): Comment {
  const { comment = stored, mark } = marked.exec(stored)?.groups ?? {};
  return { comment: comment === "" ? undefined : comment, ownershipMark: mark };
}
