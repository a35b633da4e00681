import { ApiError } from "../errors";
import type { AclEntry, Config } from "../state/store";
import type { Profile } from "../versions";
import { builtInRolesOf } from "./roles";

/** Privileges on a path, with whether each also applies below it. */
type Privileges = Map<string, boolean>;

/** Decides all permissions of the simulator. */
export class Permissions {
  constructor(
    private readonly config: Config,
    private readonly profile: Profile,
  ) {}

  /** Privileges of a user (`name@realm`) or an API token (`name@realm!token`) on a path. */
  privilegesOn(subject: string, path: string): Privileges {
    const [userid = "", tokenName] = subject.split(/!([^!]*)$/);
    const token = tokenName === undefined ? undefined : this.config.users[userid]?.tokens[tokenName];
    if (token === undefined && tokenName !== undefined && this.config.users[subject] === undefined) {
      return new Map();
    }
    if (token === undefined) return this.userPrivileges(subject, path);
    const ofUser = this.userPrivileges(userid, path);
    if (!token.privsep) return ofUser;
    const ofToken = this.expand(this.rolesAlong(path, (entry) => isFor(entry, "token", subject)));
    return new Map([...ofToken].filter(([privilege]) => ofUser.has(privilege)));
  }

  hasAny(subject: string, path: string, wanted: string[]): boolean {
    const privileges = this.privilegesOn(subject, path);
    return wanted.some((privilege) => privileges.has(privilege));
  }

  /** Requires one of the privileges on the path. */
  require(subject: string, path: string, ...wanted: string[]): void {
    if (!this.hasAny(subject, path, wanted)) throw denied(` (${path}, ${wanted.join("|")})`);
  }

  /** Requires a privilege on one of these groups, or on all groups. */
  requireOnGroups(subject: string, groups: string[], wanted: string[]): void {
    const paths = ["/access/groups", ...groups.map((group) => `/access/groups/${group}`)];
    if (!paths.some((path) => this.hasAny(subject, path, wanted))) throw denied("");
  }

  private userPrivileges(userid: string, path: string): Privileges {
    if (userid === "root@pam") return this.expand(new Map([["Administrator", true]]));
    if (this.config.users[userid] === undefined) return new Map();
    const groups = Object.keys(this.config.groups).filter((name) =>
      this.config.groups[name]?.members.includes(userid),
    );
    return this.expand(
      this.rolesAlong(
        path,
        (entry) => isFor(entry, "user", userid),
        (entry) => entry.type === "group" && groups.includes(entry.ugid),
      ),
    );
  }

  /**
   * Walks from the root to the path. Deeper entries replace higher ones, and a user's entries replace those of
   * groups.
   */
  private rolesAlong(path: string, ...selectors: ((entry: AclEntry) => boolean)[]): Map<string, boolean> {
    let roles = new Map<string, boolean>();
    for (const level of levelsOf(path)) {
      for (const isSelected of selectors) {
        const here = this.config.acl.filter(
          (entry) => entry.path === level && (entry.propagate || level === path) && isSelected(entry),
        );
        if (here.length === 0) continue;
        roles = new Map(here.map((entry) => [entry.roleid, entry.propagate]));
        break;
      }
    }
    return roles.has("NoAccess") ? new Map() : roles;
  }

  private expand(roles: Map<string, boolean>): Privileges {
    const all: Record<string, string[]> = { ...builtInRolesOf(this.profile), ...this.config.roles };
    const privileges: Privileges = new Map();
    for (const [role, propagate] of roles) {
      for (const privilege of all[role] ?? []) {
        privileges.set(privilege, propagate || (privileges.get(privilege) ?? false));
      }
    }
    return privileges;
  }
}

export function denied(detail: string): ApiError {
  return new ApiError(403, `Permission check failed${detail}\n`);
}

function isFor(entry: AclEntry, type: AclEntry["type"], ugid: string): boolean {
  return entry.type === type && entry.ugid === ugid;
}

function levelsOf(path: string): string[] {
  const parts = path.split("/").filter((part) => part !== "");
  return ["/", ...parts.map((_, index) => `/${parts.slice(0, index + 1).join("/")}`)];
}
