import { z } from "zod";

/** One role or several, of which each may count for the path itself but not below it. */
export type Roles = string | RolesHere | (string | RolesHere)[];

export interface RolesHere {
  role: string | string[];
  /** Whether they count below the path too. @default true */
  propagate?: boolean;
}

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

const some = z.union([
  z.string().min(1),
  z.strictObject({ role: oneOrMore, propagate: z.boolean().default(true) }),
]);

const roles = z.union(
  [some, z.array(some).min(1)],
  "must be a role, a list of roles, or { role: …, propagate: false }",
);

const name = z.string("must be a name").min(1, "must be a name");

const group = z
  .looseObject(
    { as: name.optional(), members: z.array(name, "must be a list of user names").optional() },
    'must be roles by path, e.g. { "/vms": "PVEVMUser" }',
  )
  .transform(({ as, members, ...paths }, context) => {
    const grants = Object.entries(paths).flatMap(([path, given]) => {
      if (!path.startsWith("/")) {
        context.addIssue({
          code: "custom",
          message: `has "${path}", which is not an ACL path (they start with \`/\`), nor \`as\` or \`members\``,
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
  const grants = [given].flat().flatMap((one) => {
    const { role, propagate } = typeof one === "string" ? { role: one, propagate: true } : one;
    return [role].flat().map((each) => ({ path, role: each, propagate }));
  });
  // Proxmox has one entry for a role on a path: what is given below the path too is given on it.
  const wider = new Map<string, Grant>();
  for (const grant of grants) {
    const known = wider.get(grant.role);
    if (!known?.propagate) wider.set(grant.role, grant);
  }
  return [...wider.values()];
}

/** The declaration, each group with its grants in a list. */
export const accessSchema = z.record(
  z.string().trim().min(1),
  group,
  'must be groups with roles by path, e.g. { "pve-admins": { "/": "Administrator" } }',
);
