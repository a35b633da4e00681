import type { AccessGroup } from "../../../components/access/groups";
import { UserError } from "../../../providers/core/errors";
import { authentikOf, proxmoxOf } from "../chain";
import { type Check, pass, type Result, skip, warn } from "../check";
import type { Cluster } from "../subject";
import { waysInto } from "../ways-in";

/** A user who may change permissions on `/` can get every other right. */
const everything = "Permissions.Modify";

/** Says who decides about the members of groups that may do everything on Proxmox. */
export const administratorsCheck: Check<Cluster> = {
  name: "Administrators",
  needs: ["authentik token", "Proxmox token"],
  async look(cluster) {
    const { groups, hasRealm, product } = cluster;
    if (!hasRealm || product !== undefined) return undefined;
    try {
      const powerful = await powerfulIn(cluster, groups);
      return (await Promise.all(powerful.map((found) => lookAt(cluster, found)))).flat();
    } catch (error) {
      // Only information. Each part that matters for a login has a check of its own.
      if (!(error instanceof UserError)) throw error;
      return skip(
        `Unable to read who may join the groups with every right on Proxmox. This needs an administrator's token of authentik: ${error.message}`,
      );
    }
  },
};

interface Powerful {
  readonly name: string;
  readonly role: string;
}

async function powerfulIn(cluster: Cluster, groups: readonly AccessGroup[]): Promise<Powerful[]> {
  const onRoot = groups.flatMap(({ name, grants }) =>
    grants.filter(({ path }) => path === "/").map(({ role }) => ({ name, role })),
  );
  if (onRoot.length === 0) return [];
  const roles = await proxmoxOf(cluster).roles();
  const given = roles.filter(({ privs = "" }) => privs.split(",").includes(everything));
  const powerful = onRoot.filter(({ role }) => given.some(({ roleid }) => roleid === role));
  return [...new Map(powerful.map((one) => [one.name, one])).values()];
}

async function lookAt(cluster: Cluster, { name, role }: Powerful): Promise<Result[]> {
  const authentik = authentikOf(cluster);
  const [group] = await authentik.groups.list({ name, include_users: "false" });
  if (group === undefined) return [];
  const ways = await waysInto(authentik, group);
  if (ways.length === 0) {
    return [pass(`only administrators of authentik put people into "${name}", which has ${role} on /`)];
  }
  return [
    warn(
      `The members of "${name}" may do everything on this Proxmox (${role} on /), and ${ways.join("; ")}.`,
      "If you trust that way like root's password, do nothing. Otherwise give the role to a group that only administrators of authentik fill.",
    ),
  ];
}
