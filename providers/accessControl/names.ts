import { z } from "zod";

/** Names of realms, tokens and scopes that the crate proxmox-schema accepts (PROXMOX_SAFE_ID_REGEX). */
const safeId = "[A-Za-z0-9_][A-Za-z0-9._-]*";

export const safeName = new RegExp(`^${safeId}$`);

/** `name@realm`. */
export const userId = z
  .string()
  .max(64, "may have at most 64 characters, the realm included")
  .regex(
    new RegExp(`^[^\\s:/\\p{Cc}]+@${safeId}$`, "u"),
    "must be name@realm, and the name may have no space, `/` or `:`",
  );

/** `name@realm!token`. */
export const tokenId = z
  .string()
  .max(64, "may have at most 64 characters")
  .regex(new RegExp(`^[^\\s:/\\p{Cc}]+@${safeId}!${safeId}$`, "u"), "must be name@realm!token");

/** Text on one line, such as comments and names. */
export const oneLine = z
  .string()
  .trim()
  .regex(/^\P{Cc}*$/u, "may have no line breaks or control characters");

/** Maximum length of a comment, including its ownership mark. */
export const longestComment = 128;
