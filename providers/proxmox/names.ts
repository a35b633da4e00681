import { z } from "zod";

const simpleName = /^[A-Za-z0-9.\-_]+$/;

/** The nearest name that Proxmox takes for a group or a role: `authentik Admins` becomes `authentik-Admins`. */
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

/** `name@realm`. Names with other letters can be made, but Proxmox answers their login with a useless ticket. */
export const userId = z
  .string()
  .max(64, "may have at most 64 characters, the realm included")
  .regex(
    /^[\x21-\x2E\x30-\x39\x3B-\x7E]+@[A-Za-z][A-Za-z0-9.\-_]+$/,
    "must be name@realm, and the name may have only ASCII characters, no space, `/` or `:`",
  );

/** Only in this order is a set the same each time; Proxmox gives lists in any. */
export function sorted(items: Iterable<string>): string[] {
  return [...new Set(items)].sort();
}
