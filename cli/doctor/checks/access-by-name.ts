import { holdersOf } from "../../../components/access/followGroups";
import type { AclEntry } from "../../../providers/accessControl/wire";
import { membersBelow } from "../../../providers/authentik/membersBelow";
import { nameIn } from "../../../providers/sso/groupMembers";
import { authentikOf, otherProductOf } from "../chain";
import { type Check, fail, pass, warn } from "../check";
import type { Cluster } from "../subject";
import { setRight } from "./realm";

/** On a product without groups, users have the roles of their groups since the last `up`. */
export const accessByNameCheck: Check<Cluster> = {
  name: "Access on Proxmox",
  needs: ["authentik token", "Proxmox privileges", "Realm"],
  async look(cluster) {
    const { groups, hasRealm, realm } = cluster;
    if (!hasRealm || groups.length === 0) return undefined;
    const holders = await membersOf(cluster);
    const server = otherProductOf(cluster);
    const ofRealm = (id: string) => id.endsWith(`@${realm}`);
    const entries = (await server.acl()).filter(({ ugid }) => ofRealm(ugid)).map(textOf);
    const declared = [
      ...new Set(
        groups.flatMap(({ grants }) =>
          grants.flatMap((grant) =>
            holdersOf(grant, groups, holders).map((ugid) =>
              textOf({ path: grant.path, roleid: grant.role, propagate: grant.propagate, ugid }),
            ),
          ),
        ),
      ),
    ];
    const lacking = declared.filter((entry) => !entries.includes(entry));
    const more = entries.filter((entry) => !declared.includes(entry));
    const users = (await server.users()).filter(({ userid }) => ofRealm(userid));
    const disabled = users.filter(
      ({ userid, enable }) => enable === false && Object.values(holders).flat().includes(userid),
    );
    const faults = [
      ...lacking.map((entry) =>
        fail(`Declared in \`access\`, but missing on the server: ${entry}.`, setRight),
      ),
      ...more.map((entry) =>
        warn(
          `On the server, but not declared in \`access\`: ${entry}.`,
          "If this user has left a group, run `pulumi up`. Otherwise somebody has granted this by hand.",
        ),
      ),
      ...disabled.map(({ userid }) =>
        warn(
          `"${userid}" is in one of the groups, and disabled there.`,
          "Enable the user there, or remove it from the groups.",
        ),
      ),
    ];
    return faults.length > 0 ? faults : pass("every member of the groups has the declared roles");
  },
};

/** Users of each group, from the config or from authentik. */
async function membersOf(cluster: Cluster): Promise<Record<string, string[]>> {
  const { groups, realm, usernameClaim, made } = cluster;
  const followed = groups.filter(({ members }) => members === undefined);
  const pks = followed.flatMap(({ name }) => made.groups?.[name]?.pk ?? []);
  const found = await membersBelow(authentikOf(cluster), pks);
  return Object.fromEntries(
    groups.map(({ name, members }) => {
      const names =
        members ??
        (found.get(made.groups?.[name]?.pk ?? "") ?? []).flatMap((one) => nameIn(usernameClaim, one));
      return [name, names.map((one) => `${one}@${realm}`)];
    }),
  );
}

function textOf({ path, roleid, ugid, propagate }: AclEntry): string {
  return `${roleid} on ${path}${propagate ? "" : " only"} for ${ugid}`;
}
