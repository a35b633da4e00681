import { z } from "zod";

/**
 * Proxmox URL-encodes client ID and secret in Basic credentials (RFC 6749, 2.3.1), and authentik does not decode
 * them.
 */
export const sameWhenEncoded = z
  .string()
  .trim()
  .max(255)
  .regex(
    /^[A-Za-z0-9._*-]+$/,
    "may have only letters, digits, `.`, `_`, `*` and `-`: Proxmox encodes all others, authentik does not decode them, and every login fails",
  );
