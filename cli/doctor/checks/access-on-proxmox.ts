import type { Grant } from "../../../components/access/declaration";
import type { AccessGroup } from "../../../components/access/groups";
import type { AclEntry } from "../../../providers/proxmox/wire";
import { proxmoxOf } from "../chain";
import { type Check, fail, pass, type Result, skip, warn } from "../check";
import type { Cluster } from "../subject";
import { setRight } from "./realm";

/** What the groups may do. A login only assigns existing groups, and a group needs permissions to have an effect. */
export const accessOnProxmoxCheck: Check<Cluster> = {
  name: "Access on Proxmox",
  needs: ["Proxmox token", "Realm"],
  async look(cluster) {
    const groups = cluster.groups.filter(({ grants }) => grants.length > 0);
    if (!cluster.hasRealm || groups.length === 0) return undefined;
    const proxmox = proxmoxOf(cluster);
    const missing: string[] = [];
    for (const { name, proxmoxGroup } of groups) {
      if ((await proxmox.group(proxmoxGroup)) !== undefined) continue;
      missing.push(`Proxmox has no group "${proxmoxGroup}": the members of "${name}" may do nothing.`);
    }
    if (missing.length > 0) return missing.map((found) => fail(found, setRight));

    const entries = await proxmox.acl();
    const lacking = groups.flatMap(({ proxmoxGroup, grants }) =>
      grants
        .filter((grant) => !entries.some((entry) => isEntryOf(entry, proxmoxGroup, grant)))
        .map(({ path, role }) => `"${proxmoxGroup}" does not have the role ${role} on ${path} as declared.`),
    );
    // Without permissions, the list of permissions is empty.
    if (lacking.length > 0 && !(await proxmox.mayOn("/access", ["Sys.Audit"]))) {
      return skip("The token cannot see permissions: it needs Sys.Audit on /access.");
    }
    const faults = [
      ...lacking.map((found) => fail(found, setRight)),
      ...(cluster.exclusiveAccess ? notDeclared(entries, groups) : []),
    ];
    const which = groups.length === 1 ? "its group has" : `all ${groups.length} groups have`;
    return faults.length > 0 ? faults : pass(`${which} the declared roles`);
  },
};

function notDeclared(entries: readonly AclEntry[], groups: readonly AccessGroup[]): Result[] {
  return groups.flatMap(({ proxmoxGroup, grants }) =>
    entries
      .filter(({ type, ugid }) => type === "group" && ugid === proxmoxGroup)
      .filter(({ path, roleid }) => !grants.some((grant) => grant.path === path && grant.role === roleid))
      .map(({ path, roleid }) =>
        warn(
          `"${proxmoxGroup}" has the role ${roleid} on ${path}, which \`access\` does not declare.`,
          `${setRight} This removes it, unless you declare it first.`,
        ),
      ),
  );
}

function isEntryOf(entry: AclEntry, group: string, { path, role, propagate }: Grant): boolean {
  const { path: at, roleid, type, ugid } = entry;
  return (
    type === "group" &&
    ugid === group &&
    roleid === role &&
    at === path &&
    entry.propagate === Number(propagate)
  );
}
