import { z } from "zod";
import type { OtherProduct } from "../../providers/accessControl/products";
import { inWords } from "../../providers/core/words";

/** A role, or a list of roles. Each role can be limited to the path itself with `propagate: false`. */
export type Roles = string | RolesHere | (string | RolesHere)[];

export interface RolesHere {
  role: string | string[];
  /** Whether the role also applies below the path. @default true */
  propagate?: boolean;
}

/** Permissions of an authentik group: roles by ACL path, such as `/`, `/vms/100`, `/storage/local`. */
export interface GroupAccess extends Partial<Record<OtherProduct, OtherAccess>> {
  [path: `/${string}`]: Roles;
  /**
   * The group's name on Proxmox, if authentik's name has characters that Proxmox refuses. @default the name in
   * authentik
   */
  as?: string;
  /** User names of the group's members. Set it only for Proxmox VE before 8.4, which does not read a groups claim. */
  members?: string[];
}

/** Permissions on Backup Server or Datacenter Manager, for an `access` that several products share. */
export interface OtherAccess {
  [path: `/${string}`]: Roles;
  /** User names of the group's members, instead of those in authentik. */
  members?: string[];
}

/** Groups of authentik with their roles on Proxmox. Nobody else can log in. */
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

const members = z.array(name, "must be a list of user names").optional();

const form = 'must be roles by path, e.g. { "/vms": "PVEVMUser" }';

const part = z
  .looseObject({ members }, form)
  .transform(({ members: listed, ...paths }, context) => ({
    members: listed,
    grants: grantsIn(paths, context, "`members`"),
  }))
  .optional();

const parts = { backup: part, "datacenter-manager": part } as const satisfies Record<OtherProduct, unknown>;

const group = z
  .looseObject({ as: name.optional(), members, ...parts }, form)
  .transform(
    ({ as, members: listed, backup, "datacenter-manager": datacenterManager, ...paths }, context) => ({
      as,
      members: listed,
      grants: grantsIn(paths, context, "`as`, `members`, `backup` or `datacenter-manager`"),
      /** The permissions on other products. */
      parts: { backup, "datacenter-manager": datacenterManager },
    }),
  );

function grantsIn(
  paths: Readonly<Record<string, unknown>>,
  context: z.RefinementCtx,
  otherKeys: string,
): Grant[] {
  const refuse = (message: string) => {
    context.addIssue({ code: "custom", message });
    return [];
  };
  return Object.entries(paths).flatMap(([path, given]) => {
    if (!path.startsWith("/")) {
      return refuse(`has "${path}", which is not an ACL path (they start with \`/\`), nor ${otherKeys}`);
    }
    const parsed = roles.safeParse(given, inWords);
    if (!parsed.success) return refuse(`at "${path}" ${parsed.error.issues[0]?.message}`);
    return grantsOf(path, parsed.data);
  });
}

/** A role on an ACL path of Proxmox. */
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
  // Proxmox stores one entry for each role and path. A grant that propagates includes one that does not.
  const wider = new Map<string, Grant>();
  for (const grant of grants) {
    const known = wider.get(grant.role);
    if (!known?.propagate) wider.set(grant.role, grant);
  }
  return [...wider.values()];
}

/** Schema of `access`. It turns each group's paths into a list of grants. */
export const accessSchema = z.record(
  z.string().trim().min(1),
  group,
  'must be groups with roles by path, e.g. { "pve-admins": { "/": "Administrator" } }',
);
