import { aclPath } from "../../../providers/proxmox/aclPath";
import type { ProxmoxClient } from "../../../providers/proxmox/client";
import { describeNeed, privilegesNeeded, type Uses } from "../../../providers/proxmox/privileges";
import { askProxmoxVersion } from "../../../providers/proxmox/versions";
import type { Permissions } from "../../../providers/proxmox/wire";
import { proxmoxOf } from "../chain";
import { type Check, fail, pass } from "../check";
import type { Cluster } from "../subject";

/** A missing privilege would stop an `up` in the middle. */
export const proxmoxPrivilegesCheck: Check<Cluster> = {
  name: "Proxmox privileges",
  needs: ["Proxmox token"],
  async look(cluster) {
    const proxmox = proxmoxOf(cluster);
    const needs = privilegesNeeded(usesOf(cluster));
    const paths = [...new Set(needs.map(({ path }) => path))];
    const permissions = await Promise.all(paths.map((path) => proxmox.permissionsOn(path)));
    const own = new Map(paths.map((path, index) => [path, permissions[index] ?? {}]));
    const missing = needs.filter(
      (need) => !need.privileges.some((privilege) => own.get(need.path)?.[privilege] !== undefined),
    );
    if (missing.length > 0) {
      const list = missing.map((need) => `${describeNeed(need)} (for ${need.input})`).join(", ");
      return fail(`The API token lacks ${list}.`, proxmox.howToGrant(missing));
    }
    const [tooMuch] = await notToGive(cluster, proxmox, own);
    if (tooMuch) {
      const found = `The API token may not grant ${tooMuch.role} on ${tooMuch.path}: without Permissions.Modify there, Proxmox lets it grant only privileges that it has.`;
      return fail(found, proxmox.howToGrant([{ path: tooMuch.path, privileges: ["Permissions.Modify"] }]));
    }
    const unused = (await proxmox.privilegesOn("/")).filter((privilege) => !everUsed.has(privilege));
    return pass(
      unused.length === 0
        ? "it has the privileges that this configuration needs"
        : `it has what this configuration needs, and ${unused.length} unused privileges: the token in docs/your-servers.md has fewer`,
    );
  },
};

const everything = { isExclusive: true, ownRoles: true, users: true, nodes: true };
const everUsed = new Set(
  privilegesNeeded({ realm: "", grantsOn: ["/"], ...everything }).flatMap(({ privileges }) => privileges),
);

function usesOf(cluster: Cluster): Uses {
  const { groups, options, realm } = cluster;
  return {
    realm,
    grantsOn: groups.flatMap(({ grants }) => grants.map(({ path }) => aclPath.parse(path))),
    isExclusive: cluster.exclusiveAccess,
    ownRoles: Object.keys(cluster.roles).length > 0,
    users:
      options.testUser !== undefined ||
      (options.realm?.usersOnDelete ?? "keep") !== "keep" ||
      groups.some(({ members }) => members !== undefined),
    nodes: options.proxmox.nodeAddress !== undefined,
  };
}

/**
 * A user with only VM.Allocate or a similar privilege may change permissions of a virtual machine, storage or pool.
 * Proxmox 8.0 and later refuse a role with privileges that this user lacks at the path or below it
 * (PVE/API2/ACL.pm).
 */
async function notToGive(
  { groups, roles: ownRoles }: Cluster,
  proxmox: ProxmoxClient,
  own: ReadonlyMap<string, Permissions[string]>,
): Promise<{ role: string; path: string }[]> {
  const grants = groups
    .flatMap(({ grants }) => grants.map((grant) => ({ ...grant, path: aclPath.parse(grant.path) })))
    .filter(({ path }) => own.get(path)?.["Permissions.Modify"] === undefined);
  if (grants.length === 0 || (await askProxmoxVersion(proxmox)).startsWith("7.")) return [];
  const known = new Map((await proxmox.roles()).map(({ roleid, privs = "" }) => [roleid, privs.split(",")]));
  return grants.filter(({ role, path, propagate }) => {
    const has = own.get(path) ?? {};
    const gives = (ownRoles[role] ?? known.get(role) ?? []).filter((privilege) => privilege !== "");
    return (
      role === "NoAccess" ||
      gives.some((privilege) => has[privilege] === undefined || (propagate && !has[privilege]))
    );
  });
}
