import { z } from "zod";
import type { Found } from "../core/definition";
import { keyOn, type Ownership } from "../core/ownership";

/**
 * A random value that is in the state before the first write. An object with this value in its comment belongs to
 * the stack.
 */
export const ownershipMark = z
  .string()
  .regex(/^[A-Za-z0-9_-]{8,64}$/, "must have 8 to 64 letters, digits, `-` or `_`");

const marked = /^(?<comment>[\s\S]*?) ?\[proxmox-authentik-sso (?<mark>[A-Za-z0-9_-]+)\]$/;

export interface Marked {
  readonly comment?: string | undefined;
  readonly ownershipMark?: string | undefined;
}

/** The comment that Proxmox stores. An empty comment is stored as missing. */
export function storedComment({ comment, ownershipMark: mark }: Marked): string {
  return [comment, mark && `[proxmox-authentik-sso ${mark}]`].filter(Boolean).join(" ");
}

/** Ownership of objects with the mark in their comment. */
export function ownedByMark<State extends Marked & { readonly proxmox: { readonly url: string } }>(
  nameOf: (state: State) => string,
): Ownership<{ readonly comment?: string }, State> {
  return {
    keys: (state) => [keyOn(state.proxmox, nameOf(state))],
    // If the state has no mark, the object must have none. At another address, that is no proof.
    matches: ({ comment }, { ownershipMark: mark }, isElsewhere) =>
      readComment(comment).ownershipMark === mark && !(isElsewhere && mark === undefined),
  };
}

/**
 * An existing object, which belongs to the stack if it has the mark.
 * @param command changes the object on the server
 */
export function foundByMark<Remote extends { readonly comment?: string }>(
  remote: Remote,
  wanted: Marked,
  description: string,
  command?: string,
): Found<Remote> {
  const { ownershipMark: mark } = readComment(remote.comment);
  const ours = mark !== undefined && mark === wanted.ownershipMark;
  if (mark !== undefined || command === undefined) return { remote, ours, description };
  return { remote, ours, description, advice: adviceToMark(command, wanted) };
}

/** What to do about an object without the mark. Somebody may have edited its comment. */
function adviceToMark(command: string, { comment, ownershipMark: mark }: Marked): string | undefined {
  return mark === undefined
    ? undefined
    : "If it is this stack's and somebody edited its comment, put the mark back on a node: " +
        `${command} --comment '${storedComment({ comment, ownershipMark: mark }).replaceAll("'", "'\\''")}'. ` +
        "Otherwise choose another name, remove it, or set `adopt: true` to take it over.";
}

/** Splits a stored comment into comment and mark. */
export function readComment(stored = ""): Marked {
  const { comment = stored, mark } = marked.exec(stored)?.groups ?? {};
  return { comment: comment === "" ? undefined : comment, ownershipMark: mark };
}
