import { aclPath } from "../../providers/proxmox/aclPath";
import type { ProxmoxClient } from "../../providers/proxmox/client";
import { privilegesNeeded } from "../../providers/proxmox/privileges";
import type { ToMake } from "./new-stack";

/** A role on a path. */
interface Grant {
  readonly role: string;
  readonly privileges: readonly string[];
  readonly path: string;
}

export const tokenName = "sso";

/** The name of the user that belongs to a stack, without realm. */
export function accountName(stack: string): string {
  return `sso-${stack.replace(/[^A-Za-z0-9_.-]/g, "-")}`;
}

/**
 * The minimum for this access. A role on a path replaces those of the paths above it, so everything below `/access`
 * is granted there.
 */
export function grantsFor(realm: string, paths: readonly string[]): Grant[] {
  const needs = privilegesNeeded({
    realm,
    grantsOn: paths.map((path) => aclPath.parse(path)),
    isExclusive: true,
    ownRoles: false,
    users: true,
    nodes: false,
  });
  const isSetup = (path: string) => /^\/access(\/|$)/.test(path);
  const setup = needs.filter(({ path }) => isSetup(path)).map(({ privileges: [first = ""] }) => first);
  const others = [...new Set(needs.map(({ path }) => path).filter((path) => !isSetup(path)))];
  const highest = others.includes("/") ? ["/"] : others;
  return [
    { role: "SsoSetup", privileges: [...new Set(setup)].sort(), path: "/access" },
    ...highest.map((path) => ({ role: "SsoGrant", privileges: ["Permissions.Modify"], path })),
  ];
}

/** A user with roles and an API token, which root creates. Existing objects stay unchanged. */
export async function accountToMake(
  root: ProxmoxClient,
  grants: readonly Grant[],
  { stack, secretKey }: { stack: string; secretKey: string },
): Promise<ToMake> {
  const users = new Set(await root.userIds());
  const userId = firstFree(accountName(stack), "@pve", (id) => !users.has(id));
  const named = await withRoleNames(root, grants);
  const lines = named.map(
    ({ role, privileges, path, exists }) =>
      `${exists ? "with the role that there is already," : "with the role"} ${role} (${privileges.join(", ")}) on ${path}`,
  );
  return {
    what: `On Proxmox: the user ${userId} and its API token "${tokenName}",\n  ${lines.join(",\n  ")}`,
    make: async () => {
      const undo: (() => Promise<void>)[] = [];
      const takeBack = async () => {
        for (const step of undo.reverse()) await step();
      };
      try {
        for (const { role, privileges } of rolesToMake(named)) {
          await root.createRole(role, privileges.join(","));
          undo.push(() => root.deleteRole(role));
        }
        await root.createUser(userId, { comment: `proxmox-authentik-sso, stack ${stack}` });
        undo.push(() => root.deleteUser(userId));
        for (const { role, path } of named) await root.updateAcl({ path, roles: role, users: userId });
        const value = await root.createToken(userId, tokenName);
        return { secret: { [secretKey]: `${userId}!${tokenName}=${value}` }, undo: takeBack };
      } catch (error) {
        await takeBack();
        throw error;
      }
    },
  };
}

interface NamedGrant extends Grant {
  readonly exists: boolean;
}

/** Uses a role of that name if it has exactly these privileges. Otherwise the new role gets a number. */
async function withRoleNames(root: ProxmoxClient, grants: readonly Grant[]): Promise<NamedGrant[]> {
  const present = new Map(
    (await root.roles()).map(({ roleid, privs }) => [roleid, privs.split(",").sort().join()]),
  );
  return grants.map((grant) => {
    const wanted = [...grant.privileges].sort().join();
    const isUsable = (name: string) => !present.has(name) || present.get(name) === wanted;
    const role = firstFree(grant.role, "", isUsable);
    return { ...grant, role, exists: present.has(role) };
  });
}

function rolesToMake(grants: readonly NamedGrant[]): NamedGrant[] {
  const byName = new Map(grants.filter(({ exists }) => !exists).map((grant) => [grant.role, grant]));
  return [...byName.values()];
}

export function firstFree(name: string, end: string, isFree: (name: string) => boolean): string {
  for (let number = 1; ; number++) {
    const candidate = `${name}${number === 1 ? "" : number}${end}`;
    if (isFree(candidate)) return candidate;
  }
}
