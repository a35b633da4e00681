import { UserError } from "../core/errors";
import { modifyPrivileges } from "./aclPath";
import type { ProxmoxClient } from "./client";
import type { ProxmoxCredential } from "./session";

/** A path and privileges, of which one is enough (PVE/API2/*.pm, measured with 9.2). */
export interface Need {
  readonly path: string;
  readonly privileges: readonly string[];
}

/** Without it, the list of permissions contains only paths on which the user may change permissions. */
export const seesAllPermissions: Need = { path: "/access", privileges: ["Sys.Audit"] };

export const seesUsers: Need = { path: "/access/groups", privileges: ["User.Modify", "Sys.Audit"] };

const users = "`testUsername`, `members` or `usersOnDelete`";

/** Objects that a configuration creates on one Proxmox. */
export interface Uses {
  readonly realm: string;
  /** Paths on which groups get roles. */
  readonly grantsOn: readonly string[];
  /** Whether other permissions of these groups are removed. */
  readonly isExclusive: boolean;
  readonly ownRoles: boolean;
  /** Whether it creates or deletes users: for the proof's login, for `members`, or with the realm. */
  readonly users: boolean;
  /** Whether it reads the cluster's nodes. */
  readonly nodes: boolean;
}

/** The required privileges, with the input that needs each. */
export function privilegesNeeded(uses: Uses): (Need & { input: string })[] {
  const need = (applies: boolean, input: string, { path, privileges }: Need) =>
    applies ? [{ input, path, privileges }] : [];
  const hasGroups = uses.grantsOn.length > 0;
  return [
    ...need(true, "the realm", { path: "/access/realm", privileges: ["Realm.Allocate"] }),
    ...need(hasGroups, "`access`", { path: "/access/groups", privileges: ["Group.Allocate"] }),
    ...[...new Set(uses.grantsOn)].flatMap((path) =>
      need(true, "`access`", { path, privileges: modifyPrivileges(path) }),
    ),
    ...need(hasGroups && uses.isExclusive, "`exclusiveAccess`", seesAllPermissions),
    ...need(uses.ownRoles, "`roles`", { path: "/access", privileges: ["Sys.Modify"] }),
    ...need(uses.users, users, {
      path: `/access/realm/${uses.realm}`,
      privileges: ["Realm.AllocateUser"],
    }),
    ...need(uses.users, users, { path: "/access/groups", privileges: ["User.Modify"] }),
    ...need(uses.nodes, "`nodeAddress`", { path: "/", privileges: ["Sys.Audit"] }),
  ];
}

/** The missing privileges in a refusal (403). Refusals about users do not name them. */
export function missingIn(said: string, apiPath: string): Need | undefined {
  const { path, privileges } = /\((?<path>\/[^,]*), (?<privileges>[\w.|]+)\)/.exec(said)?.groups ?? {};
  if (path && privileges) return { path, privileges: privileges.split("|") };
  return /\/access\/users\b/.test(apiPath)
    ? { path: "/access/groups", privileges: ["User.Modify"] }
    : undefined;
}

export function describeNeed({ path, privileges }: Need): string {
  return `${privileges.join(" or ")} on ${path}`;
}

/**
 * Commands that grant them, with the README's role names. A role on a path replaces those of the paths above it, so
 * the commands grant everything below `/access` there.
 */
function pveumLines(missing: readonly Need[], credential: ProxmoxCredential): string[] {
  const byPath = new Map<string, Set<string>>();
  for (const { path, privileges } of missing) {
    const at = /^\/access(\/|$)/.test(path) ? "/access" : path;
    byPath.set(at, (byPath.get(at) ?? new Set()).add(privileges[0] ?? ""));
  }
  return [...byPath].flatMap(([path, privileges]) => {
    const role = path === "/access" ? "SsoSetup" : "SsoGrant";
    return [
      `pveum role modify ${role} --append 1 --privs ${[...privileges].sort().join(",")}`,
      `pveum acl modify ${path} ${whoIs(credential)} --roles ${role}`,
    ];
  });
}

/** With privilege separation, both the token and its user need the role. */
function whoIs(credential: ProxmoxCredential): string {
  if (!("token" in credential)) return `--users '${credential.username}'`;
  const [, id, user = "<user>"] = /^(([^!=]+)![^!=]+)=/.exec(credential.token) ?? [];
  return `--users '${user}'${id ? ` --tokens '${id}'` : ""}`;
}

/** How to grant the missing privileges. */
export function howToGrant(missing: readonly Need[], credential: ProxmoxCredential): string {
  return [
    "Grant them as root on a node (if the role does not exist yet, use `role add` without --append):",
    ...pveumLines(missing, credential).map((line) => `  ${line}`),
  ].join("\n");
}

/** Fails if the credential lacks these privileges, because a list silently omits what it cannot see. */
export async function requireReadAccess(
  client: ProxmoxClient,
  unseen: string,
  ...oneOf: readonly [Need, ...Need[]]
): Promise<void> {
  for (const { path, privileges } of oneOf) if (await client.mayOn(path, privileges)) return;
  throw new UserError(
    `the API token may not see ${unseen}. Missing: ${oneOf.map(describeNeed).join(", or ")}. ` +
      client.howToGrant([oneOf[0]]),
  );
}
