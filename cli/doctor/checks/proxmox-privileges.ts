import { aclPath } from "../../../providers/proxmox/aclPath";
import { describeNeed, privilegesNeeded, type Uses } from "../../../providers/proxmox/privileges";
import { proxmoxOf } from "../chain";
import { type Check, fail, pass } from "../check";
import type { Cluster } from "../subject";

/** A privilege that is missing would stop an `up` half-way. */
export const proxmoxPrivilegesCheck: Check<Cluster> = {
  name: "Proxmox privileges",
  needs: ["Proxmox token"],
  async look(cluster) {
    const proxmox = proxmoxOf(cluster);
    const needs = privilegesNeeded(usesOf(cluster));
    const paths = [...new Set(needs.map(({ path }) => path))];
    const privileges = await Promise.all(paths.map((path) => proxmox.privilegesOn(path)));
    const own = new Map(paths.map((path, index) => [path, privileges[index] ?? []]));
    const missing = needs.filter(
      (need) => !need.privileges.some((privilege) => own.get(need.path)?.includes(privilege)),
    );
    if (missing.length > 0) {
      const list = missing.map((need) => `${describeNeed(need)} (for ${need.input})`).join(", ");
      return fail(`The API token has not ${list}.`, proxmox.howToGrant(missing));
    }
    const unused = (await proxmox.privilegesOn("/")).filter((privilege) => !everUsed.has(privilege));
    return pass(
      unused.length === 0
        ? "it has the privileges that this configuration needs"
        : `it has what this configuration needs, and ${unused.length} privileges that nothing here uses: the token of docs/your-servers.md can do less`,
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
