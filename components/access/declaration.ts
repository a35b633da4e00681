import { z } from "zod";

/** One role, several, or roles that count for the path itself but not below it. */
export type Roles = string | string[] | { role: string | string[]; propagate?: boolean };

/** What a group of authentik may do: roles by ACL path, such as `/`, `/vms/100`, `/storage/local`. */
export interface GroupAccess {
  [path: `/${string}`]: Roles;
  /** The group's name for Proxmox, where its own has characters that Proxmox refuses. @default its own */
  as?: string;
  /** Who is in it, by user name: only for a Proxmox without groups claim (before 8.4), which learns it in no other way. */
  members?: string[];
}

/** From groups of authentik to roles on Proxmox; nobody else may log in. */
export type Access = Record<string, GroupAccess>;

const oneOrMore = z.union(
  [z.string().min(1), z.array(z.string().min(1)).min(1)],
  "must be a role or a list of roles",
);

const roles = z.union(
  [oneOrMore, z.strictObject({ role: oneOrMore, propagate: z.boolean().default(true) })],
  "must be a role, a list of roles, or { role: …, propagate: false }",
);

const group = z
  .looseObject({ as: z.string().min(1).optional(), members: z.array(z.string()).optional() })
  .transform(({ as, members, ...paths }, context) => {
    const grants = Object.entries(paths).flatMap(([path, given]) => {
      if (!path.startsWith("/")) {
        context.addIssue({
          code: "custom",
          message: `has "${path}", which is no ACL path (they start with \`/\`), nor \`as\` or \`members\``,
        });
        return [];
      }
      const parsed = roles.safeParse(given);
      if (!parsed.success) {
        context.addIssue({ code: "custom", message: `at "${path}" ${parsed.error.issues[0]?.message}` });
        return [];
      }
      return grantsOf(path, parsed.data);
    });
    return { as, members, grants };
  });

/** A role on a path of Proxmox. */
export interface Grant {
  readonly path: string;
  readonly role: string;
  readonly propagate: boolean;
}

function grantsOf(path: string, given: z.output<typeof roles>): Grant[] {
  const { role, propagate } =
    typeof given === "string" || Array.isArray(given) ? { role: given, propagate: true } : given;
  return [...new Set([role].flat())].map((each) => ({ path, role: each, propagate }));
}

/** The declaration, each group with its grants in a list. */
export const accessSchema = z.record(
  z.string().trim().min(1),
  group,
  'must be groups with roles by path, e.g. { "pve-admins": { "/": "Administrator" } }',
);

export type ParsedAccess = z.output<typeof accessSchema>;

export function isAccess(value: unknown): value is Access {
  return accessSchema.safeParse(value).success;
}
