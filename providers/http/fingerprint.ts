import { z } from "zod";

/** A SHA-256 fingerprint in the form of openssl, browsers and Proxmox's web page. */
export const fingerprint = z
  .string()
  .trim()
  .regex(
    /^([0-9A-Fa-f]{2}:?){32}$/,
    "must be a SHA-256 fingerprint: 64 hexadecimal digits, with or without colons",
  );
