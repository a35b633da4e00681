import { z } from "zod";

const simpleName = /^[A-Za-z0-9.\-_]+$/;

/** The nearest valid name of a group or role: `authentik-Admins` for `authentik Admins`. */
export function mappedName(name: string): string {
  const plain = name.normalize("NFKD").replace(/\p{Mark}/gu, "");
  return plain.replace(/[^A-Za-z0-9.\-_]+/g, "-").replace(/^-+|-+$/g, "");
}

/** Name of a group or a role (pve-access-control, PVE/AccessControl.pm). */
export const proxmoxName = z.string().regex(simpleName, {
  error: ({ input }) => {
    const mapped = mappedName(String(input));
    const offer = mapped === "" ? "" : `; "${mapped}" would do`;
    return `may have only letters, digits, \`.\`, \`-\` and \`_\`, but is "${input}"${offer}`;
  },
});

/** `name@realm`. Users with other characters can exist, but Proxmox answers their login with an unusable ticket. */
export const userId = z
  .string()
  .max(64, "may have at most 64 characters, the realm included")
  .regex(
    /^[\x21-\x2E\x30-\x39\x3B-\x7E]+@[A-Za-z][A-Za-z0-9.\-_]+$/,
    "must be name@realm, and the name may have only ASCII characters, no space, `/` or `:`",
  );

/** Proxmox returns lists in any order. Sorting makes equal sets equal. */
export function sorted(items: Iterable<string>): string[] {
  return [...new Set(items)].sort();
}
